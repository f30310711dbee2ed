"""What stands in a picture of a chart: every row and column of the drawing."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.image import imread

from helpline_report.charts.single import STEP, Single
from helpline_report.report.fonts import OWN_FACES
from helpline_report.report.single_charts import pngs

WIDTH, STRIPE = 720, STEP


def ink(height: int, *, lying: bool) -> np.ndarray:
    """How dark each row (or column) is of a picture of black stripes on white."""
    length = height if lying else WIDTH
    stripes = "".join(
        f'<rect x="0" y="{at}" width="{WIDTH}" height="{STRIPE}"/>'
        if lying
        else f'<rect x="{at}" y="0" width="{STRIPE}" height="{height}"/>'
        for at in range(0, length - STRIPE + 1, 2 * STRIPE)
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}"><rect width="100%" height="100%" fill="#fff"/>'
        f"{stripes}</svg>"
    )
    picture = imread(io.BytesIO(pngs([Single(svg, "", WIDTH, height)], OWN_FACES)[0]))
    dark = 1 - picture[:, :, 0]
    return dark[:, dark.shape[1] // 2] if lying else dark[dark.shape[0] // 2]


@pytest.mark.parametrize("lying", [True, False])
@pytest.mark.parametrize("height", [90, 441, 567, 576, 873])
def test_no_row_or_column_of_a_drawing_is_left_out(height: int, *, lying: bool) -> None:
    """Each black stripe of 9 units is 20 pixels of ink, wherever it stands."""
    found = ink(height, lying=lying)
    edges = np.flatnonzero(np.diff((found > 0).astype(int)) == 1) + 1
    stripes = [part.sum() for part in np.split(found, edges)]
    assert np.allclose(stripes, 20, atol=0.01)

"""Twenty labels that try to be more than a text, by what each of them tries."""

LABELS = {
    "script": "<script>alert(1)</script>",
    "image": "<img src=x onerror=alert(2)>",
    "closing": "--></svg></text></td>",
    "entity": "&lt;b&gt; & &#60;i>",
    "double": '" onfocus="alert(3)"',
    "single": "' onclick='alert(4); --",
    "address": "javascript:alert(5)",
    "link": "[hier](javascript:alert(6))",
    "markdown": "# *een* _twee_ `drie`",
    "typst": '#strong[y] \\ @w "\\u{41}',
    "mathematics": "$x^2$ en $$\\alpha$$",
    "template": "{{7*7}} {labels} {% x %}",
    "formula": "=HYPERLINK(0)",
    "plus": "+1+cmd|'/C x'!A0",
    "minus": "-2+3",
    "at": "@SUM(1+1)",
    "tab": "\t=1+4",
    "return": "\r=1+5\n",
    "direction": "\N{RIGHT-TO-LEFT OVERRIDE}gpj.\N{LEFT-TO-RIGHT ISOLATE}exe",
    "control": "a\x00b\x1b[31mc\x07\x9bd\x7f",
}

# What a reader sees of them: the same, but for what nobody can see.
SEEN = LABELS | {"tab": "=1+4", "return": "=1+5", "direction": "gpj.exe", "control": "ab[31mcd"}

# These begin like a formula of a spreadsheet.
FORMULAS = ("formula", "plus", "minus", "at", "tab", "return")

"""Web analytics exports of any form become figures of traffic: files, blocks, figures."""

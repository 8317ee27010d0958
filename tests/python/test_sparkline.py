"""Drawings of scores in text."""

from activity_score.sparkline import bar, chart, sparkline


def test_sparkline_scales_to_100():
    assert sparkline([0, 12, 12.6, 50, 99.9, 100, 140, -5]) == "▁▁▂▅███▁"


def test_chart_rows_are_20_points_each():
    lines = chart([0, 0.1, 20, 50, 60, 100])
    assert [len(line) for line in lines] == [6] * 5
    assert lines == ["     █", "     █", "   ▄██", "   ███", " ▁████"]


def test_bar_is_drawn_in_eighths():
    assert bar(50, 100, 10) == "█████"
    assert bar(50.9, 100, 10) == "█████▏"
    assert bar(0.01, 100, 10) == "▏"
    assert bar(0, 100, 10) == "" and bar(1, 0, 10) == ""

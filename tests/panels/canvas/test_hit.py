"""What lies under the pointer: boxes, and below them fields of many things."""

from PySide6.QtCore import QPointF, QRectF

from rnnviz.panels.canvas.hit import Field, HitMap


def halves() -> Field[str]:
    """A box of 100 by 50 with "left" and "right" in it, and nothing in the lowest 10 px."""

    def at(point: QPointF) -> str | None:
        if point.y() >= 40:
            return None
        return "left" if point.x() < 50 else "right"

    def box_of(item: str) -> QRectF | None:
        return {"left": QRectF(0, 0, 50, 40), "right": QRectF(50, 0, 50, 40)}.get(item)

    return Field(QRectF(0, 0, 100, 50), at, box_of)


def test_a_field_finds_its_things_by_arithmetic() -> None:
    hits: HitMap[str] = HitMap()
    hits.add_field(halves())
    assert hits.at(QPointF(10, 10)) == "left"
    assert hits.at(QPointF(90, 10)) == "right"
    assert hits.at(QPointF(10, 45)) is None
    assert hits.at(QPointF(10, 60)) is None
    assert hits.box_of("right") == QRectF(50, 0, 50, 40)
    assert hits.box_of("middle") is None


def test_boxes_lie_above_fields() -> None:
    hits: HitMap[str] = HitMap()
    hits.add(QRectF(0, 0, 30, 30), "mark")
    hits.add_field(halves())
    assert hits.at(QPointF(10, 10)) == "mark"
    assert hits.at(QPointF(45, 10)) == "left"
    assert hits.box_of("mark") == QRectF(0, 0, 30, 30)


def test_of_a_larger_picture_what_is_asked_for_is_in_px() -> None:
    hits: HitMap[str] = HitMap(scale=2.0)
    hits.add(QRectF(100, 0, 30, 30), "mark")
    hits.add_field(halves())
    assert hits.at(QPointF(210, 50)) == "mark"
    assert hits.at(QPointF(90, 70)) == "left"
    assert hits.at(QPointF(110, 70)) == "right"
    assert hits.at(QPointF(110, 85)) is None
    assert hits.box_of("right") == QRectF(100, 0, 100, 80)
    assert hits.box_of("mark") == QRectF(200, 0, 60, 60)

"""What the service desk is born with: service levels, and a problem catalogue by product and by symptom (SVC-03).

The product classes are those of the example catalogue of the sales service; a company with other products writes its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from chassis.seeds import keep
from chassis.work import Work
from contracts import service_desk as messages
from contracts.shipped import shipped_id
from services.service_desk import model, rules

CATALOGUE = (
    # code, product class («»: any product), 中文, English; one below another by the beginning of its code
    ("F", "", "故障", "Fault"),
    ("F01", "", "无法开机", "Does not switch on"),
    ("F02", "", "运行中停机", "Stops while running"),
    ("F03", "", "显示异常", "Display wrong"),
    ("F04", "A", "测量结果不准", "Readings not accurate"),
    ("F0401", "A01", "波形失真", "Waveform distorted"),
    ("F0402", "A02", "光路偏移", "Optical path shifted"),
    ("F0403", "A03", "温度不稳定", "Temperature not steady"),
    ("F05", "A", "异响或过热", "Noise or overheating"),
    ("F06", "B01", "软件崩溃", "Software crashes"),
    ("F07", "B01", "数据丢失或错误", "Data lost or wrong"),
    ("U", "", "使用问题", "Using it"),
    ("U01", "", "不会操作", "How to operate it"),
    ("U02", "", "参数设置", "Settings"),
    ("U03", "A", "校准与维护", "Calibration and maintenance"),
    ("U04", "B01", "报表与导出", "Reports and export"),
    ("I", "", "安装调试", "Installation"),
    ("I01", "", "预约安装", "Appointment for installation"),
    ("I02", "", "安装环境不符", "Site not suitable"),
    ("I03", "B01", "软件安装与授权", "Software installation and licence"),
    ("D", "", "交付与单据", "Delivery and papers"),
    ("D01", "", "延期交货", "Delivered late"),
    ("D02", "", "缺件或发错货", "Parts missing or wrong goods"),
    ("D03", "", "包装破损", "Packing damaged"),
    ("D04", "", "发票与合同", "Invoice and contract"),
    ("T", "", "培训与资料", "Training and papers"),
    ("T01", "", "要求培训", "Training wanted"),
    ("T02", "", "缺少说明书", "Manual missing"),
    ("S", "", "服务态度与响应", "Manner and response"),
    ("S01", "", "响应慢", "Slow response"),
    ("S02", "", "服务态度", "Manner"),
    ("S03", "", "上门爽约", "Appointment not kept"),
    ("S04", "B03", "维护服务未履行", "Maintenance not done as agreed"),
    ("O", "", "建议与其他", "Suggestions and other"),
)


def seed(work: Work) -> None:
    """Put in what is missing; what people changed stays."""
    keep(work, model.Problem, catalogue())
    keep(work, model.ServiceLevel, service_levels())


def catalogue() -> Iterator[dict[str, Any]]:
    """Every entry with its place in the tree."""
    for code, product_class, name, name_en in CATALOGUE:
        above = code[:-2] if len(code) > 1 else None
        yield {
            "id": problem_id(code), "code": code, "name": name, "name_en": name_en,
            "parent_id": problem_id(above) if above else None,
            "product_class_id": shipped_id("sales.product_class", product_class) if product_class else None,
        }  # fmt: skip


def service_levels() -> Iterator[dict[str, Any]]:
    """How soon each priority is answered and settled."""
    for priority, (answer_hours, close_hours) in rules.PROMISED.items():
        yield {
            "id": shipped_id(messages.ServiceLevel.entity(), priority), "priority": priority,
            "answer_hours": answer_hours, "close_hours": close_hours,
        }  # fmt: skip


def problem_id(code: str) -> UUID:
    """The id of a shipped entry, the same in every branch."""
    return shipped_id(messages.Problem.entity(), code)

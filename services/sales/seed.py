"""What the sales service is born with: the stages, and product classes and products of a seller of high technology.

The stages are those of a long project sale; their rates are a start that real history will correct. The products are
an example that every company replaces; their prices are made up.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from chassis import seeds
from chassis.work import Work
from contracts.shipped import shipped_id
from services.sales import model

STAGES = (
    ("contact", "初步接触", "First contact", 10),
    ("need", "需求确认", "Need confirmed", 25),
    ("solution", "方案演示", "Solution shown", 40),
    ("quotation", "报价", "Quotation", 60),
    ("negotiation", "商务谈判", "Negotiation", 75),
    ("order", "待签合同", "Contract to be signed", 90),
)

CLASSES = (
    ("A", "测试与测量设备", "Test and measurement equipment"),
    ("A01", "示波器", "Oscilloscopes"),
    ("A02", "光学测量仪", "Optical measuring instruments"),
    ("A03", "环境试验设备", "Environmental test equipment"),
    ("B", "软件与服务", "Software and services"),
    ("B01", "数据采集软件", "Data acquisition software"),
    ("B02", "安装与培训", "Installation and training"),
    ("B03", "维护服务", "Maintenance"),
)

PRODUCTS = (
    ("A0101", "数字示波器", "Digital oscilloscope", "200 MHz，4 通道", "DSO-204", "12800.00", "台"),
    ("A0102", "混合信号示波器", "Mixed signal oscilloscope", "1 GHz，4+16 通道", "MSO-1016", "68500.00", "台"),
    ("A0103", "手持示波表", "Handheld oscilloscope", "100 MHz，2 通道", "HSO-102", "5980.00", "台"),
    ("A0201", "激光测距仪", "Laser rangefinder", "0.05–100 m，±1 mm", "LRF-100", "3650.00", "台"),
    ("A0202", "光谱分析仪", "Optical spectrum analyser", "600–1700 nm", "OSA-1700", "186000.00", "台"),
    ("A0203", "三维光学扫描仪", "3D optical scanner", "精度 0.02 mm", "OS3-020", "245000.00", "套"),
    ("A0301", "高低温试验箱", "Temperature chamber", "−70–150 ℃，225 L", "TC-225", "54000.00", "台"),
    ("A0302", "振动试验台", "Vibration test bench", "3 kN，5–3000 Hz", "VB-3", "132000.00", "台"),
    ("B0101", "数据采集软件标准版", "Data acquisition software, standard", "单用户", "DAQ-S", "9800.00", "套"),
    ("B0102", "数据采集软件企业版", "Data acquisition software, enterprise", "10 用户", "DAQ-E", "58000.00", "套"),
    ("B0201", "现场安装调试", "Installation on site", "每天", "SVC-INST", "2400.00", "天"),
    ("B0202", "操作培训", "Operator training", "每班不超过 12 人", "SVC-TRAIN", "6000.00", "班"),
    ("B0301", "年度维护", "Yearly maintenance", "含两次上门", "SVC-MNT1", "8000.00", "年"),
    ("B0302", "计量校准", "Calibration", "出具证书", "SVC-CAL", "1500.00", "次"),
)  # fmt: skip


def seed(work: Work) -> None:
    """Stages, product classes and products that are not there yet."""
    seeds.keep(work, model.Stage, stages())
    seeds.keep(work, model.ProductClass, [c for c in classes() if c["parent_id"] is None])
    seeds.keep(work, model.ProductClass, [c for c in classes() if c["parent_id"] is not None])
    seeds.keep(work, model.Product, products())


def stages() -> list[dict[str, Any]]:
    """The stages in their order."""
    return [
        {
            "id": shipped_id("sales.stage", code), "name": name, "name_en": name_en, "position": position,
            "success_rate": Decimal(rate), "asks_for_decider": code == "quotation",
        }
        for position, (code, name, name_en, rate) in enumerate(STAGES, start=1)
    ]  # fmt: skip


def classes() -> list[dict[str, Any]]:
    """Major classes have one letter; minor ones stand under the letter they begin with."""
    return [
        {
            "id": shipped_id("sales.product_class", code), "code": code, "name": name, "name_en": name_en,
            "parent_id": shipped_id("sales.product_class", code[0]) if len(code) > 1 else None,
        }
        for code, name, name_en in CLASSES
    ]  # fmt: skip


def products() -> list[dict[str, Any]]:
    """Each stands in the class its code begins with."""
    return [
        {
            "id": shipped_id("sales.product", code), "code": code, "name": name, "name_en": name_en,
            "class_id": shipped_id("sales.product_class", code[:3]), "spec": spec, "model": model_name,
            "unit_price": Decimal(price), "unit": unit,
        }
        for code, name, name_en, spec, model_name, price, unit in PRODUCTS
    ]  # fmt: skip

"""Places: coordinates and towns, what a site is used for, and whether its stock fits."""

from __future__ import annotations

from collections import defaultdict

from logistics.intake.report import Report
from logistics.intake.rows import HouseholdRow, PlaceRow, SiteRow
from logistics.intake.towns import nearest_towns, town_point
from logistics.intake.validate import Checked
from logistics.intake.week_tables import WeekTables
from logistics.model.units import SiteKind, Storage, kg_text


def points_exist(week: WeekTables, report: Report) -> None:
    """Every site and household is on earth, by coordinates or by a town that is known."""
    tables: tuple[Checked[SiteRow] | Checked[HouseholdRow], ...] = (week.sites, week.households)
    for checked in tables:
        if checked.has("lat") != checked.has("lon") or not checked.has_any("lat", "town"):
            continue  # the missing column has its finding already
        for row in checked.rows:
            _check_point(checked.file, row, report)


def _check_point(file: str, row: PlaceRow, report: Report) -> None:
    if row.lat is not None and row.lon is not None:
        _check_range(file, row.row, row.lat, row.lon, report)
    elif row.lat is not None or row.lon is not None:
        report.add("half_place", file, row.row, "lat" if row.lat is None else "lon")
    elif not row.town:
        report.add("no_place", file, row.row, "lat")
    elif town_point(row.town) is None:
        near = ", ".join(nearest_towns(row.town))
        report.add(
            "unknown_town", file, row.row, "town", row.town, nearest=f" ({near})" if near else ""
        )


def _check_range(file: str, row: int, lat: float, lon: float, report: Report) -> None:
    if abs(lat) <= 90 and abs(lon) <= 180:
        return
    swapped = abs(lon) <= 90 and abs(lat) <= 180
    column, value = ("lat", lat) if abs(lat) > 90 else ("lon", lon)
    code = "lat_lon_swapped" if swapped else "coordinate_out_of_range"
    report.add(code, file, row, column, str(value))


def kinds_fit(week: WeekTables, report: Report) -> None:
    """Sessions are held and vehicles are at home at hubs and satellites, not at donors'."""
    donors = {row.site_id for row in week.sites.rows if row.kind is SiteKind.DONOR}
    for session in week.sessions.rows:
        if session.site_id in donors:
            report.add(
                "wrong_site_kind",
                week.sessions.file,
                session.row,
                "site_id",
                session.site_id,
                site=session.site_id,
            )
    for vehicle in week.vehicles.rows:
        if vehicle.home_site_id in donors:
            report.add(
                "wrong_site_kind",
                week.vehicles.file,
                vehicle.row,
                "home_site_id",
                vehicle.home_site_id,
                site=vehicle.home_site_id,
            )


def stock_is_kept(week: WeekTables, report: Report) -> None:
    """Stock stands where its storage class exists, and within capacity when the week begins."""
    sites = {row.site_id: row for row in week.sites.rows if row.kind is not SiteKind.DONOR}
    stock_g: dict[tuple[str, Storage], int] = defaultdict(int)
    for lot in week.lots.rows:
        site = sites.get(lot.site_id)
        if site is None:
            continue
        if lot.storage in site.capacity_g:
            stock_g[lot.site_id, lot.storage] += lot.units * lot.unit_g
        elif not week.sites.has(f"{lot.storage}_kg"):
            report.missing_column(week.sites.file, f"{lot.storage}_kg")
        else:
            report.add(
                "no_storage",
                week.lots.file,
                lot.row,
                "storage",
                lot.storage,
                site=lot.site_id,
                storage=lot.storage,
            )
    for (site_id, storage), total_g in stock_g.items():
        site = sites[site_id]
        room_g = site.capacity_g[storage]
        if total_g > room_g:
            report.add(
                "stock_above_capacity",
                week.sites.file,
                site.row,
                f"{storage}_kg",
                kg_text(room_g),
                stock_kg=kg_text(total_g),
                storage=storage,
            )

<?php
// Who delivers: zones, ranges of weight or price, and who may choose it.
// The shop's archive brings a logo for the carrier of its demonstration; ours would take it with its number.
array_map('unlink', glob(_PS_SHIP_IMG_DIR_ . '*.jpg'));
$zones = array_column(Zone::getZones(), 'id_zone', 'name');
foreach ($seed['carriers'] as $row) {
    $carrier = new Carrier();
    $carrier->name = $row['name'];
    $carrier->delay = said($row['delay']);
    $carrier->active = $row['active'] ?? true;
    $carrier->shipping_handling = false;
    $carrier->shipping_method = $row['by'] === 'weight' ? Carrier::SHIPPING_METHOD_WEIGHT : Carrier::SHIPPING_METHOD_PRICE;
    $ids['carrier'][$row['slug']] = made($carrier, "carrier {$row['name']}");
    $carrier->setGroups(isset($row['groups']) ? array_map(function ($slug) use ($row) { return known('group', $slug, $row['name']); }, $row['groups']) : $groups);
    $carrier->setTaxRulesGroup(tax_rules(20));
    foreach ($row['zones'] as $zone) {
        $carrier->addZone($zones[$zone] ?? fail("no zone $zone")) ?: fail("zone $zone of {$row['name']}");
    }
    $prices = [];
    foreach ($row['ranges'] as [$from, $to, $price]) {
        $range = $row['by'] === 'weight' ? new RangeWeight() : new RangePrice();
        [$range->id_carrier, $range->delimiter1, $range->delimiter2] = [$carrier->id, $from, $to];
        made($range, "range of {$row['name']}");
        foreach ($row['zones'] as $zone) {
            $prices[] = [
                'id_range_price' => $row['by'] === 'weight' ? null : $range->id, 'id_range_weight' => $row['by'] === 'weight' ? $range->id : null,
                'id_carrier' => $carrier->id, 'id_zone' => $zones[$zone], 'price' => round($price / 1.2, 6),
            ];
        }
    }
    // In place of those that a new range has by itself: nothing, in each zone.
    $carrier->addDeliveryPrice($prices, true);
    $db->execute('INSERT IGNORE INTO ' . _DB_PREFIX_ . "module_carrier (id_module, id_shop, id_reference) SELECT id_module, 1, $carrier->id FROM " . _DB_PREFIX_ . "module WHERE name IN ('ps_checkpayment', 'ps_wirepayment')");
}
$pickup = new Carrier(1);
$pickup->delay = said($seed['pickup']);
$pickup->update();
Configuration::updateValue('PS_CARRIER_DEFAULT', reset($ids['carrier']));

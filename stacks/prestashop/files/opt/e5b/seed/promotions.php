<?php
// Promotions, of which some run and some are over: rules of the catalogue and of the cart, specific prices.
foreach ($seed['catalogue_rules'] as $row) {
    $rule = new SpecificPriceRule();
    [$rule->name, $rule->id_shop, $rule->id_country, $rule->id_currency] = [$row['name'], 1, 0, 0];
    $rule->id_group = isset($row['group']) ? known('group', $row['group'], $row['name']) : 0;
    [$rule->from_quantity, $rule->price, $rule->reduction, $rule->reduction_tax] = [$row['minimum'] ?? 1, -1, $row['reduction'], 1];
    $rule->reduction_type = ($row['unit'] ?? '%') === '%' ? 'percentage' : 'amount';
    [$rule->from, $rule->to] = period($row);
    made($rule, "catalogue rule {$row['name']}");
    $rule->addConditions([['type' => 'category', 'value' => known('category', $row['category'], $row['name'])]]);
    $rule->apply();
}
foreach ($seed['cart_rules'] as $row) {
    $rule = new CartRule();
    [$rule->name, $rule->code, $rule->description] = [said($row['name']), $row['code'] ?? '', $row['description'] ?? ''];
    [$rule->date_from, $rule->date_to] = period($row);
    [$rule->quantity, $rule->quantity_per_user, $rule->active, $rule->highlight] = [$row['quantity'] ?? 500, $row['per_customer'] ?? 1, $row['active'] ?? true, $row['highlight'] ?? false];
    [$rule->reduction_percent, $rule->reduction_amount, $rule->reduction_tax, $rule->reduction_currency] = [$row['percent'] ?? 0, $row['amount'] ?? 0, true, $context->currency->id];
    [$rule->free_shipping, $rule->minimum_amount, $rule->minimum_amount_tax, $rule->minimum_amount_currency] = [$row['free_shipping'] ?? false, $row['minimum'] ?? 0, true, $context->currency->id];
    $rule->id_customer = isset($row['customer']) ? known('customer', $row['customer'], $row['name']) : 0;
    $rule->group_restriction = isset($row['group']);
    made($rule, "cart rule {$row['name']}");
    if (isset($row['group'])) {
        // As the rule's own screen does it: the class has no method for it.
        $db->insert('cart_rule_group', ['id_cart_rule' => (int) $rule->id, 'id_group' => known('group', $row['group'], $row['name'])]);
    }
}
foreach ($seed['specific_prices'] as $row) {
    specific_price(known('product', $row['product'], 'a specific price'), $row, $row['product']);
}

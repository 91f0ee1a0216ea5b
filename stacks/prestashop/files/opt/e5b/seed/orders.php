<?php
// Orders with the history of their states, returns and refunds. Who sets a state is the employee who keeps the
// orders, and the references are the same at each build.
Product::flushPriceCache();
$bus = $kernel->getContainer()->get('prestashop.core.command_bus');
$keeper = by($seed['order_keeper']);
$nobody = new Employee();
[$nobody->id, $nobody->firstname, $nobody->lastname] = [0, '', ''];

// Nine letters, as the shop draws them.
function reference($slug) {
    return strtr(substr(hash('sha256', "order $slug"), 0, 9), '0123456789abcdef', 'BCDFGHJKLMNPQRST');
}
function lines($order, $rows, $what) {
    $lines = [];
    foreach ($rows as $row) {
        $product = known('product', $row['product'], $what);
        $variant = isset($row['variant']) ? known('variant', $row['product'] . json_encode($row['variant']), $what) : 0;
        foreach ($order->getProductsDetail() as $line) {
            if ((int) $line['product_id'] === $product && (int) $line['product_attribute_id'] === $variant) {
                $lines[(int) $line['id_order_detail']] = $row['quantity'];
                continue 2;
            }
        }
        fail("$what: no line {$row['product']}");
    }
    return $lines;
}

// The oldest first: their numbers, and those of the invoices, follow the calendar.
foreach (oldest_first($seed['orders']) as $row) {
    $what = "order {$row['slug']}";
    $ordered = $row['at'][0];
    threads_until($ordered);
    $before = (int) $db->getValue('SELECT MAX(id_stock_mvt) FROM ' . _DB_PREFIX_ . 'stock_mvt');
    $context->customer = new Customer(known('customer', $row['customer'], $what));
    $cart = new Cart();
    $cart->id_customer = $context->customer->id;
    $cart->secure_key = $context->customer->secure_key;
    $cart->id_address_delivery = $cart->id_address_invoice = known('address', $row['customer'], $what);
    $cart->id_currency = $context->currency->id;
    $cart->id_lang = $lang;
    $cart->id_carrier = known('carrier', $row['carrier'], $what);
    $cart->gift = $row['gift'] ?? false;
    $cart->gift_message = $row['gift_message'] ?? '';
    made($cart, "cart of $what");
    $context->cart = $cart;
    foreach ($row['lines'] as $line) {
        $variant = isset($line['variant']) ? known('variant', $line['product'] . json_encode($line['variant']), $what) : null;
        $cart->updateQty($line['quantity'], known('product', $line['product'], $what), $variant) === true || fail("$what: {$line['product']}");
    }
    // An order's lines come by these moments, which may fall into two seconds.
    $db->update('cart_product', ['date_add' => $ordered], "id_cart = $cart->id");
    $cart->setDeliveryOption([$cart->id_address_delivery => "$cart->id_carrier,"]);
    $cart->update();
    if (empty($row['states'])) {
        // A basket that was left behind.
        $db->update('cart', ['date_add' => $ordered, 'date_upd' => $ordered], "id_cart = $cart->id");
        continue;
    }
    $states = array_map(function ($name) use ($what) { return (int) (Configuration::get($name) ?: fail("$what: $name")); }, $row['states']);
    [$module, $payment] = [
        'cheque' => ['ps_checkpayment', 'Chèque'], 'wire' => ['ps_wirepayment', 'Virement bancaire'], 'cash' => ['ps_checkpayment', 'Paiement à la livraison'],
        'phone' => ['ps_checkpayment', 'Par téléphone'],
    ][$row['payment'] ?? 'cheque'];
    $paying = Module::getInstanceByName($module);
    // The customer orders alone; what follows is done at the back office.
    $context->employee = $nobody;
    $paying->validateOrder($cart->id, $states[0], $cart->getOrderTotal(), $payment, $row['message'] ?? null, [], null, false, $cart->secure_key) ?: fail($what);
    // The front office notes no movement for what is only ordered.
    $db->delete('stock_mvt', "id_stock_mvt > $before");
    $order = new Order($paying->currentOrder);
    $drawn = $order->reference;
    $order->reference = reference($row['slug']);
    $order->update();
    $db->update('order_payment', ['order_reference' => $order->reference], "order_reference = '$drawn'");
    $context->employee = $keeper;
    foreach (array_slice($states, 1) as $state) {
        Cache::clean('order_invoice_paid_*'); // each state is a request of its own
        $history = new OrderHistory();
        $history->id_order = $order->id;
        $history->id_employee = $keeper->id;
        $history->changeIdOrderState($state, $order, true);
        $history->add() || fail("$what: state $state");
    }
    $ids['order'][$row['slug']] = $order->id;

    // The shop adds a step of its own, at once, where a product is out of stock.
    $steps = [];
    $number = 0;
    foreach (array_reverse($order->getHistory($lang)) as $step) {
        $state = (int) $step['id_order_state'];
        if ($number + 1 < count($states) && $state === $states[$number + 1]) {
            $number++;
        }
        $steps[$state] = $row['at'][$number];
        $db->update('order_history', ['date_add' => $row['at'][$number]], "id_order_history = {$step['id_order_history']}");
    }
    $paid = $steps[(int) Configuration::get('PS_OS_PAYMENT')] ?? $steps[(int) Configuration::get('PS_OS_WS_PAYMENT')]
        ?? $steps[(int) Configuration::get('PS_OS_OUTOFSTOCK_PAID')] ?? $ordered;
    $shipped = $steps[(int) Configuration::get('PS_OS_SHIPPING')] ?? $paid;
    $db->update('orders', [
        'date_add' => $ordered, 'date_upd' => end($steps),
        'invoice_date' => $order->invoice_number ? $paid : '0000-00-00 00:00:00', 'delivery_date' => $order->delivery_number ? $shipped : '0000-00-00 00:00:00',
    ], "id_order = $order->id");
    $db->update('order_invoice', ['date_add' => $paid], "id_order = $order->id");
    $db->execute('UPDATE ' . _DB_PREFIX_ . "order_invoice SET delivery_date = '$shipped' WHERE id_order = $order->id AND delivery_number > 0");
    $db->update('order_payment', ['date_add' => $paid, 'payment_method' => $payment], "order_reference = '$order->reference'");
    $db->update('order_carrier', ['date_add' => $ordered] + (isset($row['tracking']) ? ['tracking_number' => pSQL($row['tracking'])] : []), "id_order = $order->id");
    $db->update('cart', ['date_add' => $ordered, 'date_upd' => $ordered], "id_cart = $cart->id");
    $db->execute('UPDATE ' . _DB_PREFIX_ . 'customer_thread t JOIN ' . _DB_PREFIX_ . "customer_message m ON m.id_customer_thread = t.id_customer_thread SET t.date_add = '$ordered', t.date_upd = '$ordered', m.date_add = '$ordered', m.date_upd = '$ordered' WHERE t.id_order = $order->id");
    $db->update('stock_mvt', ['date_add' => $shipped], "id_stock_mvt > $before");
}

foreach ($seed['returns'] as $row) {
    $what = "return of {$row['order']}";
    $order = new Order(known('order', $row['order'], $what));
    $return = new OrderReturn();
    [$return->id_customer, $return->id_order, $return->state, $return->question] = [$order->id_customer, $order->id, $row['state'], $row['question']];
    made($return, $what);
    $lines = lines($order, $row['lines'], $what);
    $return->addReturnDetail(array_keys($lines), array_values($lines), [], []);
    $day = $row['at'];
    $db->update('order_return', ['date_add' => $day, 'date_upd' => $day], "id_order_return = $return->id");
}
// As the order's screen does it: all of a line, or a part; the goods go back to the stock or not.
foreach ($seed['refunds'] as $row) {
    $what = "refund of {$row['order']}";
    $order = new Order(known('order', $row['order'], $what));
    $before = (int) $db->getValue('SELECT MAX(id_stock_mvt) FROM ' . _DB_PREFIX_ . 'stock_mvt');
    $refunds = [];
    foreach (lines($order, $row['lines'], $what) as $line => $quantity) {
        $refunds[$line] = ['quantity' => $quantity, 'amount' => (string) round((new OrderDetail($line))->unit_price_tax_incl * $quantity, 2)];
    }
    $bus->handle(new PrestaShop\PrestaShop\Core\Domain\Order\Command\IssuePartialRefundCommand($order->id, $refunds, (string) ($row['shipping'] ?? 0), $row['restock'] ?? false, true, false, 0));
    $day = $row['at'];
    $db->update('order_slip', ['date_add' => $day, 'date_upd' => $day], "id_order = $order->id");
    $db->update('stock_mvt', ['date_add' => $day], "id_stock_mvt > $before");
    foreach ($row['states'] ?? [] as $name) {
        $history = new OrderHistory();
        [$history->id_order, $history->id_employee] = [$order->id, $keeper->id];
        $history->changeIdOrderState((int) Configuration::get($name), $order->id, true);
        $history->add() || fail("$what: $name");
        $db->update('order_history', ['date_add' => $day], "id_order_history = $history->id");
        $db->update('orders', ['date_upd' => $day], "id_order = $order->id");
    }
}
$context->employee = new Employee(1);
$context->customer = null;
$context->cart = new Cart();

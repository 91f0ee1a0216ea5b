<?php
// Customer service: what customers wrote and what was answered. Threads are numbered as they came; an order that comes
// with a message opens one too, and so the others are seeded between the orders.
$threads = oldest_first($seed['threads']);
function threads_until($moment) {
    global $threads;
    while ($threads && $threads[0]['at'] <= $moment) {
        thread(array_shift($threads));
    }
}
function thread($row) {
    global $db, $lang;
    $thread = new CustomerThread();
    $thread->id_shop = 1;
    $thread->id_lang = $lang;
    $thread->id_contact = known('contact', $row['contact'], $row['slug']);
    $thread->id_customer = isset($row['customer']) ? known('customer', $row['customer'], $row['slug']) : 0;
    $thread->id_order = isset($row['order']) ? known('order', $row['order'], $row['slug']) : 0;
    $thread->id_product = isset($row['product']) ? known('product', $row['product'], $row['slug']) : 0;
    $thread->email = $row['customer'] ?? $row['email'];
    $thread->status = $row['status'] ?? 'open';
    $thread->token = Tools::passwdGen(12);
    $id = made($thread, "thread {$row['slug']}");
    foreach (array_merge([['message' => $row['message'], 'at' => $row['at']]], $row['answers']) as $one) {
        $message = new CustomerMessage();
        $message->id_customer_thread = $id;
        $message->id_employee = isset($one['by']) ? by($one['by'])->id : 0;
        $message->message = $one['message'];
        $message->ip_address = (int) ip2long('192.0.2.10');
        $message->user_agent = 'Mozilla/5.0';
        $message->private = $one['private'] ?? false;
        $message->read = isset($one['by']) || $row['answers'];
        made($message, "message of {$row['slug']}");
        $last = $one['at'];
        $db->update('customer_message', ['date_add' => $last, 'date_upd' => $last], "id_customer_message = $message->id");
    }
    $db->update('customer_thread', ['date_add' => $row['at'], 'date_upd' => $last], "id_customer_thread = $id");
}

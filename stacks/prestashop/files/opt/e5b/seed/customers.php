<?php
// Customers, with the groups that they are in and their addresses.
foreach (oldest_first($seed['customers']) as $row) {
    $customer = new Customer();
    [$customer->email, $customer->firstname, $customer->lastname] = [$row['email'], $row['first_name'], $row['last_name']];
    $customer->id_gender = ['M.' => 1, 'Mme' => 2][$row['gender']];
    $customer->passwd = Tools::hash(bin2hex(random_bytes(16)));
    $customer->company = $row['address']['company'] ?? '';
    $customer->newsletter = $row['newsletter'] ?? false;
    $customer->active = $row['active'] ?? true;
    $customer->is_guest = $row['guest'] ?? false;
    $customer->note = $row['note'] ?? '';
    $standard = (int) Configuration::get($customer->is_guest ? 'PS_GUEST_GROUP' : 'PS_CUSTOMER_GROUP');
    $customer->id_default_group = isset($row['group']) ? known('group', $row['group'], $row['email']) : $standard;
    $ids['customer'][$row['email']] = made($customer, "customer {$row['email']}");
    $customer->updateGroup(array_unique([$customer->id_default_group, $standard]));
    foreach (array_merge([$row['address']], $row['other_addresses'] ?? []) as $number => $one) {
        $place = new Address();
        $place->id_customer = $customer->id;
        $place->id_country = (int) Configuration::get('PS_COUNTRY_DEFAULT');
        $place->alias = $one['alias'] ?? 'Mon adresse';
        [$place->firstname, $place->lastname, $place->company] = [$row['first_name'], $row['last_name'], $one['company'] ?? ''];
        [$place->address1, $place->address2, $place->postcode, $place->city, $place->phone] = [$one['street'], $one['more'] ?? '', $one['postcode'], $one['city'], $one['phone'] ?? $row['address']['phone']];
        $id = made($place, "address of {$row['email']}");
        $ids['address'][$row['email']] = $ids['address'][$row['email']] ?? $id;
        $db->update('address', ['date_add' => $row['at'], 'date_upd' => $row['at']], "id_address = $id");
    }
    $db->update('customer', ['date_add' => $row['at'], 'date_upd' => $row['at'], 'last_passwd_gen' => $row['at']], "id_customer = $customer->id");
}

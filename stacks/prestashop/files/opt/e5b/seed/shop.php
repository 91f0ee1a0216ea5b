<?php
// What the shop is called, says of itself and answers by default; its pages, counters and contacts.
foreach ($seed['configuration'] as $name => $value) {
    Configuration::updateValue($name, $value);
}
foreach ($seed['texts'] as $name => $text) {
    Configuration::updateValue($name, said($text));
}
preg_match('/^(.*), (\d{5}) (.*)$/', $company['company']['address'], $address) ?: fail('company.address');
foreach ([
    'PS_SHOP_NAME' => $company['name'], 'PS_SHOP_EMAIL' => $company['company']['email'], 'PS_SHOP_PHONE' => $company['company']['phone'],
    'PS_SHOP_ADDR1' => $address[1], 'PS_SHOP_CODE' => $address[2], 'PS_SHOP_CITY' => $address[3],
    'PS_SHOP_COUNTRY_ID' => Configuration::get('PS_COUNTRY_DEFAULT'), 'PS_SHOP_COUNTRY' => 'France',
    'BLOCKCONTACTINFOS_EMAIL' => $company['company']['email'], 'BLOCKCONTACT_EMAIL' => $company['company']['email'],
    'CHEQUE_NAME' => $company['name'], 'CHEQUE_ADDRESS' => "{$company['name']}\n{$address[1]}\n{$address[2]} {$address[3]}",
    'BANK_WIRE_OWNER' => $company['name'],
    'BLOCKSOCIAL_FACEBOOK' => $company['social']['facebook']['url'], 'BLOCKSOCIAL_INSTAGRAM' => $company['social']['instagram']['url'],
] as $name => $value) {
    Configuration::updateValue($name, $value);
}
$logo = "logo-{$company['id']}.png";
copy(picture($seed['logo']), _PS_IMG_DIR_ . $logo);
[$width, $height] = getimagesize(_PS_IMG_DIR_ . $logo);
foreach (['PS_LOGO' => $logo, 'PS_LOGO_MAIL' => $logo, 'PS_LOGO_INVOICE' => $logo, 'SHOP_LOGO_WIDTH' => $width, 'SHOP_LOGO_HEIGHT' => $height] as $name => $value) {
    Configuration::updateValue($name, $value);
}

// What the installer names in the language of its pack: an older pack leaves some of it in English.
foreach ($seed['names'] as $row) {
    // Of the reasons for movements of stock, PrestaShop 9 has five, under numbers of its own.
    if ($row['class'] === 'StockMvtReason' && version_compare(_PS_VERSION_, '9', '>=')) {
        $row['names'] = array_map(function ($number) use ($row) { return $row['names'][$number - 1]; }, [3, 9, 10, 11, 12]);
    }
    foreach ($row['names'] as $number => $name) {
        $object = new $row['class']($number + 1);
        if (!$object->id) {
            fail("the shop has no {$row['class']} " . ($number + 1));
        }
        $object->name = empty($row['class']::$definition['fields']['name']['lang']) ? $name : said($name);
        if ($object instanceof Category) {
            $object->link_rewrite = said(Tools::str2url($name));
        }
        $object->update() ?: fail("{$row['class']} $name");
    }
}
// No pack of the installer's names the countries.
foreach (Country::getCountries($lang) as $row) {
    $db->update('country_lang', ['name' => pSQL(Locale::getDisplayRegion("-{$row['iso_code']}", 'fr'))], 'id_country = ' . (int) $row['id_country']);
}
foreach ($seed['metas'] as $row) {
    $meta = new Meta((int) Meta::getMetaByPage($row['page'], $lang)['id_meta']);
    $meta->title = said($row['title'] ?? $company['name']);
    $meta->description = said($row['description'] ?? '');
    if (isset($row['address'])) {
        $meta->url_rewrite = said($row['address']);
    }
    $meta->update() ?: fail("meta of {$row['page']}");
}

// The pages that the shop brings become the company's.
foreach ($seed['cms'] as $number => $row) {
    $page = new CMS($number + 1);
    [$page->meta_title, $page->link_rewrite, $page->meta_description] = [said($row['title']), said($row['slug']), said($row['description'])];
    $page->content = said(trim($row['text']));
    [$page->id_cms_category, $page->active, $page->indexation] = [1, true, true];
    $page->save() ?: fail("page {$row['title']}");
    $ids['cms'][$row['slug']] = (int) $page->id;
}

// So do its contacts.
$present = array_column(Contact::getContacts($lang), 'id_contact');
foreach ($seed['contacts'] as $row) {
    $contact = new Contact(array_shift($present));
    $contact->name = said($row['name']);
    $contact->description = said($row['description']);
    $contact->email = $company['company']['email'];
    $contact->customer_service = true;
    $contact->save() ?: fail("contact {$row['name']}");
    $ids['contact'][$row['slug']] = (int) $contact->id;
}

// The company's own counters, with their hours: "du mardi au samedi", "dimanche".
$week = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'];
foreach ($company['shops'] as $row) {
    preg_match('/^(.*), (\d{5}) (.*)$/', $row['address'], $address) ?: fail("address of {$row['name']}");
    $hours = array_fill(0, 7, ['Fermé']);
    foreach ($row['hours'] as $open) {
        $days = array_values(array_intersect(preg_split('/\W+/u', $open['days']), $week));
        $days ?: fail("hours of {$row['name']}");
        foreach (range(array_search($days[0], $week), array_search(end($days), $week)) as $day) {
            $hours[$day] = [$open['hours']];
        }
    }
    $store = new Store();
    [$store->name, $store->address1, $store->address2] = [said($row['name']), said($address[1]), said('')];
    [$store->postcode, $store->city, $store->phone] = [$address[2], $address[3], $row['phone']];
    [$store->id_country, $store->latitude, $store->longitude] = [(int) Configuration::get('PS_COUNTRY_DEFAULT'), $row['latitude'], $row['longitude']];
    [$store->hours, $store->note, $store->active] = [said(json_encode($hours)), said("Responsable : {$row['manager']}"), true];
    $id = made($store, "store {$row['name']}");
    if (isset($seed['store_pictures'][$row['name']])) {
        pictured($seed['store_pictures'][$row['name']], _PS_STORE_IMG_DIR_ . $id, 'stores');
    }
}

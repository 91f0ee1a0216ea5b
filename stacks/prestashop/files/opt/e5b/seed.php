<?php
// Seeds the company into the shop through its own classes. Runs as www-data while the golden image is
// made. Reads {company, seed} in JSON on standard input; the tables are described in scenarios/README.md.
// Pictures lie in /opt/e5b/workshop/media.
['company' => $company, 'seed' => $seed] = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
require_once '/opt/e5b/shop.php';
require_once _PS_ROOT_DIR_ . '/app/AppKernel.php';
$kernel = new AppKernel('prod', false);
$kernel->boot();
$context = Context::getContext();
$context->container = PrestaShop\PrestaShop\Adapter\ContainerBuilder::getContainer('front', false);
$context->employee = new Employee(1);
$context->controller = new AdminController();
$context->currency = new Currency((int) Configuration::get('PS_CURRENCY_DEFAULT'));
$context->country = new Country((int) Configuration::get('PS_COUNTRY_DEFAULT'));
Shop::setContext(Shop::CONTEXT_SHOP, 1);
$db = Db::getInstance();
$lang = (int) Configuration::get('PS_LANG_DEFAULT');
$media = '/opt/e5b/workshop/media/';
$ids = [];

function fail($what) {
    fwrite(STDERR, "$what\n");
    exit(1);
}
function made($object, $what) {
    if (!$object->add()) {
        fail("$what: refused");
    }
    return (int) $object->id;
}
function known($table, $slug, $what) {
    global $ids;
    if (!isset($ids[$table][$slug])) {
        fail("$what names an unknown $table \"$slug\"");
    }
    return $ids[$table][$slug];
}
// In the one language of the shop.
function said($text) {
    global $lang;
    return [$lang => $text];
}
function dated($days, $time = '09:00:00') {
    return (new DateTimeImmutable("-$days days"))->format('Y-m-d') . " $time";
}
function tax_rules($rate) {
    $found = Db::getInstance()->getValue('SELECT r.id_tax_rules_group FROM ' . _DB_PREFIX_ . 'tax_rule r JOIN ' . _DB_PREFIX_ . 'tax t ON t.id_tax = r.id_tax WHERE r.id_country = ' . (int) Configuration::get('PS_COUNTRY_DEFAULT') . ' AND t.rate = ' . (float) $rate . ' ORDER BY r.id_tax_rules_group');
    return (int) ($found ?: fail("no tax of $rate %"));
}
// The shop takes no WebP.
function picture($file) {
    global $media;
    if (substr($file, -5) !== '.webp') {
        return $media . $file;
    }
    $copy = tempnam('/tmp', 'e5b') . '.jpg';
    imagejpeg(imagecreatefromwebp($media . $file), $copy, 92);
    return $copy;
}

// Nothing is sent while the shop is filled.
$mail = Configuration::get('PS_MAIL_METHOD');
Configuration::updateValue('PS_MAIL_METHOD', 3);

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
] as $name => $value) {
    Configuration::updateValue($name, $value);
}
$home = new Meta((int) Meta::getMetaByPage('index', $lang)['id_meta']);
$home->title = said($company['name']);
$home->description = said($seed['slogan']);
$home->update();
copy(picture($seed['logo']), _PS_IMG_DIR_ . 'logo-biscuiterie.png');
[$width, $height] = getimagesize(_PS_IMG_DIR_ . 'logo-biscuiterie.png');
foreach (['PS_LOGO' => 'logo-biscuiterie.png', 'PS_LOGO_MAIL' => 'logo-biscuiterie.png', 'PS_LOGO_INVOICE' => 'logo-biscuiterie.png', 'SHOP_LOGO_WIDTH' => $width, 'SHOP_LOGO_HEIGHT' => $height] as $name => $value) {
    Configuration::updateValue($name, $value);
}

// The contacts that the shop brings become the company's.
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
$modules = array_column($db->executeS('SELECT id_module FROM ' . _DB_PREFIX_ . 'module'), 'id_module');
foreach ($seed['groups'] as $row) {
    $group = new Group();
    $group->name = said($row['name']);
    $group->reduction = $row['reduction'];
    $group->price_display_method = $row['prices'] === 'HT' ? PS_TAX_EXC : PS_TAX_INC;
    $group->show_prices = true;
    $ids['group'][$row['slug']] = made($group, "group {$row['name']}");
    Group::addModulesRestrictions($group->id, $modules);
}
$groups = array_column(Group::getGroups($lang), 'id_group');
foreach ($seed['profiles'] as $row) {
    $profile = new Profile();
    $profile->name = said($row['name']);
    $ids['profile'][$row['slug']] = made($profile, "profile {$row['name']}");
}
foreach ($seed['employees'] as $row) {
    $employee = new Employee();
    [$employee->email, $employee->firstname, $employee->lastname] = [$row['email'], $row['first_name'], $row['last_name']];
    $employee->passwd = Tools::hash(bin2hex(random_bytes(16)));
    $employee->id_profile = known('profile', $row['profile'], $row['email']);
    $employee->id_lang = $lang;
    $employee->bo_theme = 'default';
    $employee->default_tab = 1;
    made($employee, "employee {$row['email']}");
}

foreach ($seed['categories'] as $row) {
    $category = new Category();
    $category->name = said($row['name']);
    $category->link_rewrite = said(Tools::str2url($row['name']));
    $category->description = said("<p>{$row['description']}</p>");
    $category->id_parent = isset($row['parent']) ? known('category', $row['parent'], $row['name']) : (int) Configuration::get('PS_HOME_CATEGORY');
    $category->active = true;
    $category->groupBox = $groups;
    $ids['category'][$row['slug']] = made($category, "category {$row['name']}");
}
foreach ($seed['brands'] as $row) {
    $brand = new Manufacturer();
    $brand->name = $row['name'];
    $brand->description = said("<p>{$row['description']}</p>");
    $brand->active = true;
    $ids['brand'][$row['slug']] = made($brand, "brand {$row['name']}");
}
foreach ($seed['attributes'] as $row) {
    $group = new AttributeGroup();
    $group->name = $group->public_name = said($row['name']);
    $group->group_type = 'select';
    $id = made($group, "attribute {$row['name']}");
    foreach ($row['values'] as $value) {
        $attribute = new Attribute();
        $attribute->id_attribute_group = $id;
        $attribute->name = said($value);
        $ids['attribute']["{$row['slug']} $value"] = made($attribute, "attribute $value");
    }
}
foreach ($seed['features'] as $row) {
    $feature = new Feature();
    $feature->name = said($row['name']);
    $ids['feature'][$row['slug']] = made($feature, "feature {$row['name']}");
    foreach ($row['values'] as $text) {
        $value = new FeatureValue();
        $value->id_feature = $feature->id;
        $value->value = said($text);
        $ids['feature value'][$text] = made($value, "feature value $text");
    }
}
$zones = array_column(Zone::getZones(), 'id_zone', 'name');
foreach ($seed['carriers'] as $row) {
    $carrier = new Carrier();
    $carrier->name = $row['name'];
    $carrier->delay = said($row['delay']);
    $carrier->active = true;
    $carrier->shipping_handling = false;
    $carrier->shipping_method = $row['by'] === 'weight' ? Carrier::SHIPPING_METHOD_WEIGHT : Carrier::SHIPPING_METHOD_PRICE;
    $ids['carrier'][$row['slug']] = made($carrier, "carrier {$row['name']}");
    $carrier->setGroups($groups);
    $carrier->setTaxRulesGroup(tax_rules(20));
    $prices = [];
    foreach ($row['ranges'] as [$from, $to, $price]) {
        $range = $row['by'] === 'weight' ? new RangeWeight() : new RangePrice();
        [$range->id_carrier, $range->delimiter1, $range->delimiter2] = [$carrier->id, $from, $to];
        made($range, "range of {$row['name']}");
        foreach ($row['zones'] as $zone) {
            $prices[] = [
                'id_range_price' => $row['by'] === 'weight' ? null : $range->id, 'id_range_weight' => $row['by'] === 'weight' ? $range->id : null,
                'id_carrier' => $carrier->id, 'id_zone' => $zones[$zone] ?? fail("no zone $zone"), 'price' => round($price / 1.2, 6),
            ];
        }
    }
    foreach ($row['zones'] as $zone) {
        $db->insert('carrier_zone', ['id_carrier' => (int) $carrier->id, 'id_zone' => (int) $zones[$zone]]);
    }
    $carrier->addDeliveryPrice($prices);
    $db->execute('INSERT IGNORE INTO ' . _DB_PREFIX_ . "module_carrier (id_module, id_shop, id_reference) SELECT id_module, 1, $carrier->id FROM " . _DB_PREFIX_ . "module WHERE name IN ('ps_checkpayment', 'ps_wirepayment')");
}
$pickup = new Carrier(1);
$pickup->delay = said($seed['pickup']);
$pickup->update();
Configuration::updateValue('PS_CARRIER_DEFAULT', reset($ids['carrier']));

$types = ImageType::getImagesTypes('products');
foreach ($seed['products'] as $row) {
    $what = "product {$row['name']}";
    $rate = $row['vat'] ?? 5.5;
    $net = function ($gross) use ($rate) { return round($gross / (1 + $rate / 100), 6); };
    $product = new Product();
    $product->name = said($row['name']);
    $product->link_rewrite = said(Tools::str2url($row['name']));
    $product->reference = $row['reference'] ?? '';
    $product->description_short = said(isset($row['summary']) ? "<p>{$row['summary']}</p>" : '');
    $product->description = said(isset($row['description']) ? "<p>{$row['description']}</p>" : '');
    $product->id_category_default = known('category', $row['category'], $what);
    $product->id_tax_rules_group = isset($row['price']) ? tax_rules($rate) : 0;
    $product->price = $net($row['price'] ?? 0);
    $product->weight = $row['weight'] ?? 0;
    $product->id_manufacturer = isset($row['price']) ? reset($ids['brand']) : 0;
    $product->active = $row['active'] ?? true;
    $product->redirect_type = '404';
    $ids['product'][$row['slug']] = made($product, $what);
    $product->addToCategories(array_merge([$product->id_category_default], ($row['featured'] ?? false) ? [(int) Configuration::get('PS_HOME_CATEGORY')] : []));
    foreach ($row['pictures'] as $number => $one) {
        $image = new Image();
        $image->id_product = $product->id;
        $image->position = $number + 1;
        $image->cover = $number === 0;
        $image->legend = said($one['legend']);
        made($image, "picture {$one['file']}");
        [$file, $path] = [picture($one['file']), $image->getPathForCreation()];
        ImageManager::resize($file, "$path.jpg") ?: fail("picture {$one['file']}");
        foreach ($types as $type) {
            ImageManager::resize($file, "$path-" . stripslashes($type['name']) . '.jpg', $type['width'], $type['height']) ?: fail("picture {$one['file']}");
        }
    }
    foreach ($row['features'] ?? [] as $feature => $value) {
        $product->addFeaturesToDB(known('feature', $feature, $what), known('feature value', $value, $what));
    }
    foreach ($row['variants'] ?? [] as $number => $one) {
        $of = [];
        foreach ($one['of'] as $group => $value) {
            $of[] = known('attribute', "$group $value", $what);
        }
        $id = $product->addCombinationEntity(0, $net($one['impact']), $one['weight'] ?? 0, 0, 0, 0, [], '', 0, '', $number === 0);
        (new Combination($id))->setAttributes($of);
        StockAvailable::setQuantity($product->id, $id, $one['quantity']);
        $ids['variant'][$row['slug'] . json_encode($one['of'])] = $id;
    }
    if (!isset($row['variants'])) {
        StockAvailable::setQuantity($product->id, 0, $row['quantity'] ?? 0);
    }
    $date = dated($row['days_ago'] ?? 200);
    foreach (['product', 'product_shop'] as $table) {
        $db->update($table, ['date_add' => $date, 'date_upd' => $date], "id_product = $product->id");
    }
}
foreach ($seed['products'] as $row) {
    foreach ($row['associated'] ?? [] as $other) {
        $db->insert('accessory', ['id_product_1' => known('product', $row['slug'], ''), 'id_product_2' => known('product', $other, $row['name'])]);
    }
}

foreach ($seed['customers'] as $row) {
    $customer = new Customer();
    [$customer->email, $customer->firstname, $customer->lastname] = [$row['email'], $row['first_name'], $row['last_name']];
    $customer->id_gender = ['M.' => 1, 'Mme' => 2][$row['gender']];
    $customer->passwd = Tools::hash(bin2hex(random_bytes(16)));
    $customer->company = $row['address']['company'] ?? '';
    $customer->newsletter = $row['newsletter'] ?? false;
    $customer->id_default_group = isset($row['group']) ? known('group', $row['group'], $row['email']) : (int) Configuration::get('PS_CUSTOMER_GROUP');
    $ids['customer'][$row['email']] = made($customer, "customer {$row['email']}");
    $customer->updateGroup(array_unique([$customer->id_default_group, (int) Configuration::get('PS_CUSTOMER_GROUP')]));
    $place = new Address();
    $place->id_customer = $customer->id;
    $place->id_country = (int) Configuration::get('PS_COUNTRY_DEFAULT');
    $place->alias = 'Mon adresse';
    [$place->firstname, $place->lastname, $place->company] = [$row['first_name'], $row['last_name'], $row['address']['company'] ?? ''];
    [$place->address1, $place->postcode, $place->city, $place->phone] = [$row['address']['street'], $row['address']['postcode'], $row['address']['city'], $row['address']['phone']];
    $ids['address'][$row['email']] = made($place, "address of {$row['email']}");
    $db->update('customer', ['date_add' => dated($row['days_ago']), 'date_upd' => dated($row['days_ago'])], "id_customer = $customer->id");
}

Product::flushPriceCache();
$cheque = Module::getInstanceByName('ps_checkpayment');
foreach ($seed['orders'] as $row) {
    $what = "order {$row['slug']}";
    $context->customer = new Customer(known('customer', $row['customer'], $what));
    $cart = new Cart();
    $cart->id_customer = $context->customer->id;
    $cart->secure_key = $context->customer->secure_key;
    $cart->id_address_delivery = $cart->id_address_invoice = known('address', $row['customer'], $what);
    $cart->id_currency = $context->currency->id;
    $cart->id_lang = $lang;
    $cart->id_carrier = known('carrier', $row['carrier'], $what);
    made($cart, "cart of $what");
    $context->cart = $cart;
    foreach ($row['lines'] as $line) {
        $variant = isset($line['variant']) ? known('variant', $line['product'] . json_encode($line['variant']), $what) : null;
        $cart->updateQty($line['quantity'], known('product', $line['product'], $what), $variant) === true || fail("$what: {$line['product']}");
    }
    $cart->setDeliveryOption([$cart->id_address_delivery => "$cart->id_carrier,"]);
    $cart->update();
    $states = array_map(function ($name) { return (int) Configuration::get($name); }, $row['states']);
    $cheque->validateOrder($cart->id, $states[0], $cart->getOrderTotal(), 'Chèque', null, [], null, false, $cart->secure_key) ?: fail($what);
    $order = new Order($cheque->currentOrder);
    foreach (array_slice($states, 1) as $state) {
        $history = new OrderHistory();
        $history->id_order = $order->id;
        $history->id_employee = 1;
        $history->changeIdOrderState($state, $order, true);
        $history->add() || fail("$what: state $state");
    }
    $ids['order'][$row['slug']] = $order->id;
    // A step a day since the order, the last of them today at the latest.
    $db->update('orders', ['date_add' => dated($row['days_ago'], '10:12:00')], "id_order = $order->id");
    $db->execute('UPDATE ' . _DB_PREFIX_ . "cart SET date_add = '" . dated($row['days_ago'], '10:05:00') . "' WHERE id_cart = $cart->id");
    foreach ($order->getHistory($lang) as $number => $step) {
        $day = max(0, $row['days_ago'] - (count($states) - 1 - $number));
        $db->update('order_history', ['date_add' => dated($day, '10:12:00')], "id_order_history = {$step['id_order_history']}");
    }
    $db->update('order_invoice', ['date_add' => dated(max(0, $row['days_ago'] - 1), '10:12:00')], "id_order = $order->id");
}
$context->customer = null;
$context->cart = new Cart();

foreach ($seed['threads'] as $row) {
    $thread = new CustomerThread();
    $thread->id_shop = 1;
    $thread->id_lang = $lang;
    $thread->id_contact = known('contact', $row['contact'], $row['slug']);
    $thread->id_customer = known('customer', $row['customer'], $row['slug']);
    $thread->id_order = isset($row['order']) ? known('order', $row['order'], $row['slug']) : 0;
    $thread->email = $row['customer'];
    $thread->status = 'open';
    $thread->token = Tools::passwdGen(12);
    $id = made($thread, "thread {$row['slug']}");
    $message = new CustomerMessage();
    $message->id_customer_thread = $id;
    $message->message = $row['message'];
    $message->ip_address = (int) ip2long('192.0.2.10');
    $message->user_agent = 'Mozilla/5.0';
    made($message, "message of {$row['slug']}");
    foreach (['customer_thread', 'customer_message'] as $table) {
        $db->update($table, ['date_add' => dated($row['days_ago'], '18:40:00'), 'date_upd' => dated($row['days_ago'], '18:40:00')], "id_customer_thread = $id");
    }
}
foreach ($seed['order_messages'] as $row) {
    $message = new OrderMessage();
    $message->name = said($row['name']);
    $message->message = said($row['message']);
    made($message, "predefined message {$row['name']}");
}

require_once _PS_MODULE_DIR_ . 'ps_imageslider/Ps_HomeSlide.php';
$slides = array_column($db->executeS('SELECT id_homeslider_slides FROM ' . _DB_PREFIX_ . 'homeslider_slides ORDER BY position'), 'id_homeslider_slides');
foreach ($seed['slides'] as $number => $row) {
    $slide = new Ps_HomeSlide($slides[$number] ?? null);
    $name = 'slide-' . ($number + 1) . '.jpg';
    // As wide as the page: the middle of the picture is kept.
    $whole = imagecreatefromstring(file_get_contents(picture($row['picture'])));
    [$width, $height] = [imagesx($whole), imagesy($whole)];
    $kept = min($height, (int) ($width * 340 / 1110));
    $slide_picture = imagecreatetruecolor(1110, 340);
    imagecopyresampled($slide_picture, $whole, 0, 0, 0, (int) (($height - $kept) / 2), 1110, 340, $width, $kept);
    imagejpeg($slide_picture, _PS_MODULE_DIR_ . "ps_imageslider/images/$name", 90) ?: fail("slide {$row['picture']}");
    [$slide->title, $slide->legend, $slide->description] = [said($row['title']), said($row['title']), said("<h3>{$row['title']}</h3><p>{$row['text']}</p>")];
    $slide->image = said($name);
    $slide->url = said((new Link())->getCategoryLink(known('category', $row['category'], 'a slide'), null, $lang));
    $slide->active = true;
    $slide->position = $number;
    $slide->save() ?: fail("slide {$row['title']}");
}
require_once _PS_MODULE_DIR_ . 'ps_customtext/classes/CustomText.php';
$text = new CustomText(1);
$text->text = said(trim($seed['text_block']));
$text->update();
foreach ($seed['reassurance'] as $number => $row) {
    $db->update('psreassurance_lang', ['title' => pSQL($row['title']), 'description' => pSQL($row['text'])], 'id_psreassurance = ' . ($number + 1));
}
// The installer at the command line makes "//" of the address's path.
$db->execute('UPDATE ' . _DB_PREFIX_ . "psreassurance SET icon = CONCAT('/', TRIM(LEADING '/' FROM icon))");
Configuration::updateValue('MOD_BLOCKTOPMENU_ITEMS', implode(',', array_map(function ($slug) { return 'CAT' . known('category', $slug, 'the menu'); }, $seed['menu'])));
Module::getInstanceByName('ps_banner')->disable();

Search::indexation(true);
Configuration::updateValue('PS_MAIL_METHOD', $mail);
Tools::clearSmartyCache();

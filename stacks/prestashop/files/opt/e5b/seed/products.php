<?php
// Products: sheets, pictures and their thumbnails, variants, stocks, packs. Stocks are entered by the
// employee who keeps them, each on the day of its sheet. A product's number is its place in seed.toml: checks
// follow one that a candidate renames by it.
function period($row) {
    return [isset($row['from']) ? dated($row['from'], '00:00:00') : '0000-00-00 00:00:00', isset($row['to']) ? dated($row['to'], '23:59:59') : '0000-00-00 00:00:00'];
}
function specific_price($product, $row, $what) {
    $price = new SpecificPrice();
    [$price->id_product, $price->id_product_attribute, $price->id_group] = [$product, 0, isset($row['group']) ? known('group', $row['group'], $what) : 0];
    [$price->id_shop, $price->id_currency, $price->id_country, $price->id_customer, $price->id_cart] = [1, 0, 0, 0, 0];
    [$price->from_quantity, $price->price, $price->reduction_tax] = [$row['minimum'] ?? 1, -1, 1];
    [$price->reduction_type, $price->reduction] = ($row['unit'] ?? '%') === '%' ? ['percentage', $row['reduction'] / 100] : ['amount', $row['reduction']];
    [$price->from, $price->to] = period($row);
    made($price, "specific price of $what");
}

$types = ImageType::getImagesTypes('products');
$drawn = [];
$context->employee = by($seed['stock_keeper']);
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
    $product->meta_title = said($row['meta_title'] ?? '');
    $product->meta_description = said($row['meta_description'] ?? '');
    $product->id_category_default = known('category', $row['category'], $what);
    $product->id_tax_rules_group = isset($row['price']) ? tax_rules($rate) : 0;
    $product->price = $net($row['price'] ?? 0);
    $product->weight = $row['weight'] ?? 0;
    $product->id_manufacturer = isset($row['price']) ? (isset($row['brand']) ? known('brand', $row['brand'], $what) : reset($ids['brand'])) : 0;
    $product->active = $row['active'] ?? true;
    $product->online_only = $row['web_only'] ?? false;
    $product->on_sale = $row['on_sale'] ?? false;
    $product->low_stock_threshold = $row['low_stock'] ?? null;
    $product->available_later = said($row['available_later'] ?? '');
    $product->redirect_type = '404';
    $ids['product'][$row['slug']] = made($product, $what);
    $in = array_map(function ($slug) use ($what) { return known('category', $slug, $what); }, array_merge([$row['category']], $row['categories'] ?? []));
    $product->addToCategories(array_merge($in, ($row['featured'] ?? false) ? [(int) Configuration::get('PS_HOME_CATEGORY')] : []));
    foreach ($row['pictures'] as $number => $one) {
        $image = new Image();
        $image->id_product = $product->id;
        $image->position = $number + 1;
        $image->cover = $number === 0;
        $image->legend = said($one['legend']);
        made($image, "picture {$one['file']}");
        $path = $image->getPathForCreation();
        // A picture that serves several products is resized once.
        if (isset($drawn[$one['file']])) {
            foreach (glob($drawn[$one['file']] . '{.jpg,-*.jpg}', GLOB_BRACE) as $made) {
                copy($made, $path . substr($made, strlen($drawn[$one['file']]))) ?: fail("picture {$one['file']}");
            }
            continue;
        }
        $file = picture($one['file']);
        ImageManager::resize($file, "$path.jpg") ?: fail("picture {$one['file']}");
        foreach ($types as $type) {
            ImageManager::resize($file, "$path-" . stripslashes($type['name']) . '.jpg', $type['width'], $type['height']) ?: fail("picture {$one['file']}");
        }
        $drawn[$one['file']] = $path;
    }
    foreach ($row['features'] ?? [] as $feature => $value) {
        $product->addFeaturesToDB(known('feature', $feature, $what), known('feature value', $value, $what));
    }
    foreach ($row['variants'] ?? [] as $number => $one) {
        $of = [];
        foreach ($one['of'] as $name => $value) {
            $of[] = known('attribute', "$name $value", $what);
        }
        $id = $product->addCombinationEntity(0, $net($one['impact']), $one['weight'] ?? 0, 0, 0, 0, [], $one['reference'] ?? '', 0, '', $number === 0);
        (new Combination($id))->setAttributes($of);
        StockAvailable::setQuantity($product->id, $id, $one['quantity']);
        $ids['variant'][$row['slug'] . json_encode($one['of'])] = $id;
    }
    if (!isset($row['variants'])) {
        StockAvailable::setQuantity($product->id, 0, $row['quantity'] ?? 0);
    }
    if (isset($row['when_out'])) {
        // By the object: a change of the table alone would be undone by the shop's cache of it.
        $stock = new StockAvailable((int) StockAvailable::getStockAvailableIdByProductId($product->id, 0, 1));
        $stock->out_of_stock = $row['when_out'] ? 1 : 0;
        $stock->update() ?: fail("stock of $what");
    }
    if (isset($row['tags'])) {
        Tag::addTags($lang, $product->id, $row['tags']) ?: fail("tags of $what");
    }
    $date = dated($row['days_ago'] ?? 200);
    foreach (['product', 'product_shop'] as $table) {
        $db->update($table, ['date_add' => $date, 'date_upd' => $date], "id_product = $product->id");
    }
    $db->execute('UPDATE ' . _DB_PREFIX_ . 'stock_mvt m JOIN ' . _DB_PREFIX_ . "stock_available s ON s.id_stock_available = m.id_stock SET m.date_add = '$date' WHERE s.id_product = $product->id");
}
// What names other products comes once they are all there.
foreach ($seed['products'] as $row) {
    $what = "product {$row['name']}";
    foreach ($row['pack'] ?? [] as $one) {
        Pack::addItem($ids['product'][$row['slug']], known('product', $one['product'], $what), $one['quantity']) ?: fail("$what: {$one['product']}");
    }
    foreach ($row['discounts'] ?? [] as $one) {
        specific_price($ids['product'][$row['slug']], $one, $what);
    }
    $others = array_map(function ($slug) use ($what) { return known('product', $slug, $what); }, $row['associated'] ?? []);
    Product::changeAccessoriesForProduct($others, $ids['product'][$row['slug']]);
}
// What an inventory or a batch from the workshop changed since.
foreach ($seed['stock_movements'] as $row) {
    $what = "stock of {$row['product']}";
    $product = known('product', $row['product'], $what);
    $variant = isset($row['variant']) ? known('variant', $row['product'] . json_encode($row['variant']), $what) : 0;
    StockAvailable::updateQuantity($product, $variant, $row['quantity'], 1, true) !== false || fail($what);
    $newest = (int) $db->getValue('SELECT MAX(id_stock_mvt) FROM ' . _DB_PREFIX_ . 'stock_mvt');
    $db->update('stock_mvt', ['date_add' => dated($row['days_ago'], '07:45:00')], "id_stock_mvt = $newest");
}
$context->employee = new Employee(1);

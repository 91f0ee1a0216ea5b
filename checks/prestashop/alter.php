<?php
// Alters one thing that a PrestaShop stores, by its own classes, as its administrator. Reads {do, table, row, key, column, path,
// value}: `do` is "set" (the value of a column), "remove" (the row) or "add" (a row that was there). What no class of an object
// stores is altered by its class of the database. Writes {altered}: false where the shop stores the same as before.
$asked = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
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
['do' => $do, 'table' => $table, 'row' => $row, 'key' => $key, 'column' => $column, 'value' => $value] = $asked;
$db = Db::getInstance();
$name = Tools::substr($table, Tools::strlen(_DB_PREFIX_));

// The classes that store more than a row; their tables end in _lang and _shop for each language and shop.
$classes = [Address::class, Alias::class, Attribute::class, AttributeGroup::class, Carrier::class, CartRule::class, Category::class, CMS::class,
    Combination::class, Customer::class, CustomerMessage::class, CustomerThread::class, CustomizationField::class, Employee::class, Group::class,
    Image::class, Manufacturer::class, Order::class, OrderDetail::class, OrderHistory::class, OrderMessage::class, OrderReturn::class,
    OrderSlip::class, Product::class, Profile::class, RangePrice::class, RangeWeight::class, SpecificPrice::class, SpecificPriceRule::class,
    StockAvailable::class];
function class_of($name, $column) {
    global $classes;
    $plain = preg_replace('/_(lang|shop)$/', '', $name);
    foreach ($classes as $class) {
        if ($class::$definition['table'] === $plain && ($column === '' || isset($class::$definition['fields'][$column]))) {
            return $class;
        }
    }
    return null;
}
function where($key) {
    $db = Db::getInstance();
    return implode(' AND ', array_map(fn ($column) => "`$column` " . ($key[$column] === null ? 'IS NULL' : "= '" . $db->escape($key[$column], true) . "'"), array_keys($key)));
}
function stored($table, $key) {
    return Db::getInstance()->getRow("SELECT * FROM `$table` WHERE " . where($key), false);
}

$before = stored($table, $key);
$class = class_of($name, $do === 'set' ? $column : '');
$done = true;
if ($name === 'configuration') {
    $do === 'remove' ? Configuration::deleteByName($row['name']) : Configuration::updateValue($row['name'], $do === 'add' ? $row['value'] : $value, true);
} elseif ($class && $do !== 'add' && !preg_match('/_(lang|shop)$/', $do === 'remove' ? $name : '')) {
    $object = new $class((int) $row[$class::$definition['primary']]);
    if ($do === 'remove') {
        $done = $object->delete();
    } else {
        $object->$column = empty($class::$definition['fields'][$column]['lang']) ? $value : [(int) $row['id_lang'] => $value] + (array) $object->$column;
        $done = $object->update(true);
    }
    if ($done && $class === SpecificPriceRule::class && $do === 'set') {
        $object->apply();
    }
} elseif ($do === 'set') {
    $done = $db->update($name, [$column => $value === null ? ['type' => 'sql', 'value' => 'NULL'] : $db->escape($value, true)], where($key), 0, false, false);
} elseif ($do === 'remove') {
    $done = $db->delete($name, where($key), 0, false);
} else {
    $done = $db->insert($name, array_map(fn ($cell) => $cell === null ? ['type' => 'sql', 'value' => 'NULL'] : $db->escape($cell, true), $row), false, false);
}
if (!$done) {
    fwrite(STDERR, 'the shop refused it: ' . $db->getMsgError());
    exit(1);
}
Tools::clearSmartyCache();
array_map('unlink', glob(_PS_CACHE_DIR_ . 'ps_mainmenu/*') ?: []);
echo json_encode(['altered' => stored($table, $key) != $before]);
exit(0);

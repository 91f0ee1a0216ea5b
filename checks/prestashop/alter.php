<?php
// Alters what a PrestaShop stores, by its own classes, as its administrator. Reads {address, requests}: each request has `do`, "set"
// (the value of a column), "remove" (the row), "add" (a row that was there, and those of `also`), "link" (the row leads to another of its
// kind) or "save" (the row anew as it is), with table, row, key, column, value, also. What no class of an object stores is altered by the
// class of the database. Writes {altered}: false where
// the shop stores the same as before; or {refused}, why it doesn't take it.
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
// The classes that store more than a row; their tables end in _lang and _shop for each language and shop.
$classes = [Address::class, Alias::class, Attribute::class, AttributeGroup::class, Carrier::class, CartRule::class, Category::class, CMS::class,
    Combination::class, Customer::class, CustomerMessage::class, CustomerThread::class, CustomizationField::class, Employee::class, Group::class, GroupReduction::class,
    Image::class, Manufacturer::class, Order::class, OrderDetail::class, OrderHistory::class, OrderMessage::class, OrderReturn::class,
    OrderSlip::class, Product::class, Profile::class, RangePrice::class, RangeWeight::class, SpecificPrice::class, SpecificPriceRule::class,
    StockAvailable::class];
class Refused extends Exception {
}

function name_of($table) {
    return Tools::substr($table, Tools::strlen(_DB_PREFIX_));
}
// The class that stores such rows, with that column.
function class_of($table, $column) {
    global $classes;
    $plain = preg_replace('/_(lang|shop)$/', '', name_of($table));
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

function written($cell) {
    return $cell === null ? ['type' => 'sql', 'value' => 'NULL'] : Db::getInstance()->escape($cell, true);
}
function added($table, $row) {
    return Db::getInstance()->insert(name_of($table), array_map('written', $row), false, false);
}
function of_class($class, $asked) {
    ['do' => $do, 'row' => $row, 'column' => $column, 'value' => $value] = $asked;
    $object = new $class((int) $row[$class::$definition['primary']]);
    if ($do === 'remove') {
        return $object->delete();
    }
    if ($do === 'set') {
        $object->$column = empty($class::$definition['fields'][$column]['lang']) ? $value : [(int) $row['id_lang'] => $value] + (array) $object->$column;
    }
    $done = $object->update($do === 'set' && $value === null);
    if ($done && $object instanceof SpecificPriceRule) {
        $object->apply();
    }
    return $done;
}
// The row with another number of its kind in the last column of its key that names none of what came with it.
function linked($asked) {
    $db = Db::getInstance();
    foreach (array_reverse(array_keys($asked['key'])) as $column) {
        $kind = _DB_PREFIX_ . preg_replace('/^id_/', '', $column);
        $there = strpos($column, 'id_') === 0 && $db->executeS("SHOW TABLES LIKE '" . pSQL($kind) . "'");
        $other = $there ? $db->getValue("SELECT MIN(`$column`) FROM `$kind` WHERE `$column` > 1 AND `$column` <> " . (int) $asked['key'][$column], false) : (int) $asked['key'][$column] + 1;
        if ($column !== 'id_shop' && $other && !stored($asked['table'], [$column => (string) $other] + $asked['key'])) {
            return $db->update(name_of($asked['table']), [$column => (int) $other], where($asked['key']), 0, false, false);
        }
    }
    throw new Refused('there is no other');
}
function plainly($asked) {
    ['do' => $do, 'table' => $table, 'row' => $row, 'column' => $column, 'value' => $value, 'key' => $key] = $asked;
    [$db, $name] = [Db::getInstance(), name_of($table)];
    switch ($do) {
        case 'add':
            return added($table, $row);
        case 'link':
            return linked($asked);
        case 'set':
            return $db->update($name, [$column => written($value)], where($key), 0, false, false);
        case 'save':
            return $db->delete($name, where($key), 0, false) && added($table, $row);
    }
    return $db->delete($name, where($key), 0, false);
}
function carried_out($asked) {
    ['do' => $do, 'table' => $table, 'row' => $row, 'column' => $column] = $asked;
    $name = name_of($table);
    if ($name === 'configuration') {
        $value = $do === 'set' ? $asked['value'] : $row['value'];
        $gone = in_array($do, ['remove', 'save'], true) ? Configuration::deleteByName($row['name']) : true;
        return $gone && ($do === 'remove' || Configuration::updateValue($row['name'], $value, true));
    }
    $class = class_of($table, $do === 'set' ? $column : '');
    $part = preg_match('/_(lang|shop)$/', $name) && $do !== 'set'; // of an object, which stays
    $done = $class && !$part && !in_array($do, ['add', 'link'], true) ? of_class($class, $asked) : plainly($asked);
    if ($done && $name === 'specific_price_rule_condition') { // its prices are those of the whole rule
        $group = (int) $row['id_specific_price_rule_condition_group'];
        $id = Db::getInstance()->getValue('SELECT id_specific_price_rule FROM ' . _DB_PREFIX_ . "specific_price_rule_condition_group WHERE id_specific_price_rule_condition_group = $group", false);
        (new SpecificPriceRule((int) $id))->apply();
    }
    return $done;
}
function differs($request, $before) {
    $after = stored($request['table'], $request['key']);
    $column = $request['column'];
    return $column !== '' && $before && $after ? $before[$column] !== $after[$column] : $before != $after;
}

$altered = true;
try {
    foreach ($asked['requests'] as $request) {
        $before = stored($request['table'], $request['key']);
        if (!carried_out($request)) {
            throw new Refused(Db::getInstance()->getMsgError() ?: "PrestaShop doesn't");
        }
        foreach ($request['also'] as $part) {
            if (!added($part['table'], $part['row'])) {
                throw new Refused(Db::getInstance()->getMsgError());
            }
        }
        $altered = $altered && (in_array($request['do'], ['add', 'save'], true) || differs($request, $before));
    }
    Tools::clearSmartyCache();
    array_map('unlink', glob(_PS_CACHE_DIR_ . 'ps_mainmenu/{*,*/*}.json', GLOB_BRACE) ?: []); // one for each set of groups
    echo "\n" . json_encode(['altered' => $altered]);
} catch (Refused | PrestaShopException $refusal) {
    echo "\n" . json_encode(['refused' => $refusal->getMessage()]);
}
exit(0);

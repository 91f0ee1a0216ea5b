<?php
// What products are put into and told apart by: categories, brands, attributes, features.
// First: it is kept as it was read, and what is added below it sets its place in the tree right.
$top = new Category((int) Configuration::get('PS_HOME_CATEGORY'));
$top->description = said("<p>{$seed['top_category']['description']}</p>");
// An update takes away the groups that it is not given.
$top->groupBox = $groups;
$top->update() ?: fail('the top category: refused');
pictured($seed['top_category']['picture'], _PS_CAT_IMG_DIR_ . $top->id, 'categories');
foreach ($seed['categories'] as $row) {
    $category = new Category();
    $category->name = said($row['name']);
    $category->link_rewrite = said(Tools::str2url($row['name']));
    $category->description = said("<p>{$row['description']}</p>");
    $category->id_parent = isset($row['parent']) ? known('category', $row['parent'], $row['name']) : (int) Configuration::get('PS_HOME_CATEGORY');
    $category->active = $row['active'] ?? true;
    $category->groupBox = $groups;
    $ids['category'][$row['slug']] = made($category, "category {$row['name']}");
    pictured($row['picture'], _PS_CAT_IMG_DIR_ . $category->id, 'categories');
}
foreach ($seed['brands'] as $row) {
    $brand = new Manufacturer();
    $brand->name = $row['name'];
    $brand->description = said("<p>{$row['description']}</p>");
    $brand->active = true;
    $ids['brand'][$row['slug']] = made($brand, "brand {$row['name']}");
    if (isset($row['picture'])) {
        pictured($row['picture'], _PS_MANU_IMG_DIR_ . $brand->id, 'manufacturers');
    }
}
// PHP 8 has a class Attribute.
$value_class = class_exists('ProductAttribute') ? 'ProductAttribute' : 'Attribute';
foreach ($seed['attributes'] as $row) {
    $group = new AttributeGroup();
    $group->name = $group->public_name = said($row['name']);
    $group->group_type = isset($row['colours']) ? 'color' : 'select';
    $group->is_color_group = isset($row['colours']);
    $id = made($group, "attribute {$row['name']}");
    foreach ($row['values'] as $number => $value) {
        $attribute = new $value_class();
        $attribute->id_attribute_group = $id;
        $attribute->name = said($value);
        $attribute->color = $row['colours'][$number] ?? '';
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

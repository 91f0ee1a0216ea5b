<?php
// Groups of customers, profiles with their permissions, employees.
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

// Who may look at a screen may see the entries of the menu above it.
$access = new Access();
foreach ($seed['profiles'] as $row) {
    $profile = new Profile();
    $profile->name = said($row['name']);
    $ids['profile'][$row['slug']] = $id = made($profile, "profile {$row['name']}");
    foreach ($row['permissions'] ?? [] as $screen => $rights) {
        $tab = Tab::getInstanceFromClassName($screen);
        $tab->id ?: fail("{$row['name']}: the menu has no $screen");
        foreach ($rights as $right) {
            $access->updateLgcAccess($id, $tab->id, $right, 1) === 'ok' || fail("{$row['name']}: $screen");
        }
        for ($above = $tab->id_parent; $above > 0; $above = (new Tab($above))->id_parent) {
            $access->updateLgcAccess($id, $above, 'view', 1);
        }
    }
}
foreach ($seed['employees'] as $row) {
    $employee = new Employee();
    [$employee->email, $employee->firstname, $employee->lastname] = [$row['email'], $row['first_name'], $row['last_name']];
    $employee->passwd = Tools::hash(bin2hex(random_bytes(16)));
    $employee->id_profile = known('profile', $row['profile'], $row['email']);
    $employee->id_lang = $lang;
    $employee->bo_theme = 'default';
    $employee->default_tab = 1;
    $employee->active = $row['active'] ?? true;
    $ids['employee'][$row['email']] = made($employee, "employee {$row['email']}");
}

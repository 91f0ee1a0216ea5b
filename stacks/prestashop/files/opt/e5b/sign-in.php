<?php
// Signs an examiner in by the copy's own database, whatever the candidate did to his account, and adds
// no user. Reads {role, address} on standard input; writes {user, cookies: {name: value}, nonce}.
// Roles: "administrator"; "employee <e-mail>"; "profile <name>", an employee who has it (a copy where nobody
// has gets one: only a check that acts asks for it, on a copy of its own); "customer", or "customer <e-mail>";
// "group <name>", a customer whose default group it is. A guest has no account: the shop lets none in.
$asked = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$_SERVER['HTTP_HOST'] = $_SERVER['SERVER_NAME'] = preg_replace('#^https?://#', '', $asked['address']);
require_once '/opt/e5b/shop.php';

// A cookie that is shown instead of sent.
class ShownCookie extends Cookie {
    public $shown = '';
    protected function encryptAndSetCookie($cookie = null) {
        $this->shown = $this->cipherTool->encrypt($cookie);
        return true;
    }
}
// The back office of PrestaShop 9 goes by PHP's session, in which Symfony keeps who is there.
function office_session($email, $id_session) {
    $manager = e5b_kernel()->getContainer()->get('doctrine.orm.entity_manager');
    $employee = $manager->getRepository(PrestaShopBundle\Entity\Employee\Employee::class)->findOneBy(['email' => $email]);
    $token = new Symfony\Component\Security\Core\Authentication\Token\UsernamePasswordToken($employee, 'main', $employee->getRoles());
    $token->setAttribute('_employee_session', $manager->find(PrestaShopBundle\Entity\Employee\EmployeeSession::class, $id_session));
    session_start(['use_cookies' => 0]);
    $_SESSION['_sf2_attributes']['_security_main'] = serialize($token);
    session_write_close();
    return [session_name() => session_id()];
}
[$kind, $name] = explode(' ', $asked['role'], 2) + [1 => ''];
$db = Db::getInstance();
if ($kind === 'administrator') {
    $user = $db->getRow('SELECT id_employee AS id, email, passwd, id_profile FROM ' . _DB_PREFIX_ . 'employee WHERE id_profile = ' . (int) _PS_ADMIN_PROFILE_ . ' ORDER BY active DESC, id_employee');
} elseif ($kind === 'employee' || $kind === 'profile') {
    $where = $kind === 'employee' ? "e.email = '" . pSQL($name) . "'" : "l.name = '" . pSQL($name) . "'";
    $find = 'SELECT e.id_employee AS id, e.email, e.passwd, e.id_profile FROM ' . _DB_PREFIX_ . 'employee e JOIN ' . _DB_PREFIX_ . "profile_lang l ON l.id_profile = e.id_profile WHERE e.active = 1 AND $where ORDER BY e.id_employee";
    $user = $db->getRow($find);
    $profile = $kind === 'profile' && !$user ? $db->getValue('SELECT id_profile FROM ' . _DB_PREFIX_ . "profile_lang l WHERE $where") : 0;
    if ($profile) {
        $employee = new Employee();
        [$employee->firstname, $employee->lastname, $employee->email] = ['Examen', 'Examen', 'examen@e5b.test'];
        $employee->passwd = Tools::hash(bin2hex(random_bytes(16)));
        [$employee->id_profile, $employee->id_lang, $employee->bo_theme, $employee->default_tab] = [(int) $profile, (int) Configuration::get('PS_LANG_DEFAULT'), 'default', 1];
        $employee->add();
        $user = $db->getRow($find);
    }
} else {
    $where = ['customer' => $name === '' ? 'c.is_guest = 0' : "c.email = '" . pSQL($name) . "'", 'group' => "l.name = '" . pSQL($name) . "'"][$kind];
    $user = $db->getRow('SELECT c.id_customer AS id, c.email, c.passwd, c.firstname, c.lastname FROM ' . _DB_PREFIX_ . 'customer c JOIN ' . _DB_PREFIX_ . "group_lang l ON l.id_group = c.id_default_group WHERE c.active = 1 AND c.deleted = 0 AND $where ORDER BY c.is_guest, c.id_customer");
}
if (!$user) {
    fwrite(STDERR, "aucun compte n'a le rôle {$asked['role']}\n");
    exit(3);
}
if (in_array($kind, ['administrator', 'employee', 'profile'], true)) {
    $cookie = new ShownCookie('psAdmin', '', time() + 12 * 3600);
    $cookie->id_lang = (int) Configuration::get('PS_LANG_DEFAULT');
    $cookie->id_employee = $user['id'];
    $cookie->profile = $user['id_profile'];
    $cookie->last_activity = time();
    $session = new EmployeeSession();
} else {
    $shop = Context::getContext()->shop;
    $domains = $shop->getUrlsSharedCart();
    $cookie = new ShownCookie('ps-s' . $shop->id, '', time() + 12 * 3600, $shop->getGroup()->share_order ? $domains : null);
    $cookie->id_lang = (int) Configuration::get('PS_LANG_DEFAULT');
    $cookie->id_customer = $user['id'];
    $cookie->customer_lastname = $user['lastname'];
    $cookie->customer_firstname = $user['firstname'];
    $cookie->logged = 1;
    $cookie->is_guest = 0;
    $session = new CustomerSession();
}
$cookie->email = $user['email'];
$cookie->passwd = $user['passwd'];
$cookie->registerSession($session);
$cookie->write();
$cookies = [$cookie->getName() => $cookie->shown];
if ($session instanceof EmployeeSession && class_exists('AdminKernel')) {
    $cookies += office_session($user['email'], $session->id);
}
echo json_encode(['user' => $user['email'], 'cookies' => $cookies, 'nonce' => '']);
exit(0);

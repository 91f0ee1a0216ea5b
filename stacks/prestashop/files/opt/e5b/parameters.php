<?php
// The shop's parameters. What makes it a candidate's own (the keys of its cookies) is written at the
// station's start to /var/lib/e5b/site/site.php; a golden image has none of it.
$parameters = require '/opt/e5b/installed-parameters.php';
$site = @include '/var/lib/e5b/site/site.php';
if (is_array($site)) {
    unset($site['https']); // which is no parameter of the shop's
    $parameters['parameters'] = array_merge($parameters['parameters'], $site);
}
return $parameters;

package seb;
# Whether a request comes from the locked browser with the room's own file: see provisioner/network/seb.py.
use strict;
use warnings;
use nginx;
use Digest::SHA qw(sha256_hex);

open my $file, '<', '/etc/e5b/seb.key' or die "no key: $!";
chomp(my $key = <$file>);
close $file;

# "1" for who may pass; anything else, an error of this program included, refuses the request.
sub proven {
    my $request = shift;
    my $sent = $request->header_in('X-SafeExamBrowser-ConfigKeyHash') // '';
    my $address = $request->variable('scheme') . '://' . ($request->header_in('Host') // '') . $request->variable('request_uri');
    return lc $sent eq sha256_hex($address . $key) ? '1' : '0';
}

1;
__END__

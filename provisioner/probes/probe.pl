# Tries ways out, all at once, and says for each whether the other end was heard. Perl, since every Debian has it.
#   perl -e "$(cat probe.pl)" SECONDS <ways
# A line is: id, tcp|udp|icmp|unix, address (with %interface for link-local), port, what to send and what to
# hear, both in hexadecimal; separated by tabs. The answer is: id, "reached" or "shut", what was seen.
use strict;
use warnings;
use Socket qw(:all);
use Errno qw(EINPROGRESS);
use Fcntl;
use Time::HiRes qw(time);

my $patience = shift // 2;
my (%open, %seen);

sub address {
    my ($text, $port, $type) = @_;
    my ($error, @found) = getaddrinfo($text, $port, { flags => AI_NUMERICHOST | AI_NUMERICSERV, socktype => $type });
    return $error || !@found ? () : ($found[0]{family}, $found[0]{addr});
}

while (my $line = <STDIN>) {
    chomp $line;
    my ($id, $kind, $where, $port, $send, $hear) = split /\t/, $line, -1;
    my ($family, $to, $type, $protocol) = (undef, undef, SOCK_STREAM, 0);
    if ($kind eq 'unix') {
        ($family, $to) = (AF_UNIX, pack_sockaddr_un($where));
    } else {
        $type = SOCK_DGRAM if $kind ne 'tcp';
        ($family, $to) = address($where, $port || 1, $type);
        $protocol = $family == AF_INET6 ? 58 : 1 if $family && $kind eq 'icmp';
    }
    if (!defined $to) { $seen{$id} = "shut\tno such interface"; next; }
    if (!socket(my $socket, $family, $type, $protocol)) { $seen{$id} = "shut\t$!"; next; }
    else {
        fcntl($socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK);
        my $data = pack('H*', $send);
        $data = pack('CCnnna8', $family == AF_INET6 ? 128 : 8, 0, 0, 1, 1, 'e5bprobe') if $kind eq 'icmp';
        if ($kind eq 'tcp' || $kind eq 'unix') {
            if (!connect($socket, $to) && $! != EINPROGRESS) { $seen{$id} = "shut\t$!"; next; }
        } elsif (!defined send($socket, $data, 0, $to)) { $seen{$id} = "shut\t$!"; next; }
        $open{ fileno $socket } = { id => $id, socket => $socket, data => $data, hear => pack('H*', $hear), got => '',
            write => $kind eq 'tcp' || $kind eq 'unix' };
    }
}

my $end = time + $patience;
while (%open && time < $end) {
    my ($read, $write) = ('', '');
    for my $number (keys %open) { vec($open{$number}{write} ? $write : $read, $number, 1) = 1; }
    select($read, $write, undef, $end - time) or last;
    for my $number (keys %open) {
        my $one = $open{$number};
        if ($one->{write}) {
            next unless vec($write, $number, 1);
            my $error = unpack 'I', getsockopt($one->{socket}, SOL_SOCKET, SO_ERROR);
            if ($error) { $! = $error; $seen{ $one->{id} } = "shut\t$!"; delete $open{$number}; next; }
            syswrite $one->{socket}, $one->{data};
            $one->{write} = 0;
        } elsif (vec($read, $number, 1)) {
            my $count = sysread $one->{socket}, $one->{got}, 65536, length $one->{got};
            if (index($one->{got}, $one->{hear}) >= 0 && length $one->{got}) {
                $seen{ $one->{id} } = "reached\t";
            } elsif (!$count) {
                my ($first) = $one->{got} =~ /^([\x20-\x7e]{1,60})/;
                $seen{ $one->{id} } = "shut\t" . ($first // (defined $count ? 'closed' : "$!"));
            } else { next; }
            delete $open{$number};
        }
    }
}
for my $one (values %open) {
    my ($first) = $one->{got} =~ /^([\x20-\x7e]{1,60})/;
    $seen{ $one->{id} } = "shut\t" . ($first // 'silence');
}
print "$_\t$seen{$_}\n" for sort keys %seen;

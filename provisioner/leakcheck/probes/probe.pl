# Tries ways out, all at once, and says for each whether the other end was heard. Perl, since every Debian has it.
#   perl -e "$(cat probe.pl)" SECONDS <ways
# A line is: id, tcp|udp|icmp|unix, address (with %interface for link-local), port, what to send and what to
# hear, both in hexadecimal; separated by tabs. The answer is: id, "reached" or "shut", what was seen.
# An answer that sends elsewhere is followed once, as a browser does: by the same proxy where there was one.
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

sub begin {
    my ($id, $kind, $where, $port, $data, $hear, $led) = @_;
    my ($family, $to, $type, $protocol) = (undef, undef, SOCK_STREAM, 0);
    if ($kind eq 'unix') {
        ($family, $to) = (AF_UNIX, pack_sockaddr_un($where));
    } else {
        $type = SOCK_DGRAM if $kind ne 'tcp';
        ($family, $to) = address($where, $port || 1, $type);
        $protocol = $family == AF_INET6 ? 58 : 1 if $family && $kind eq 'icmp';
    }
    if (!defined $to) { $seen{$id} = "shut\tno such interface"; return; }
    my $socket;
    if (!socket($socket, $family, $type, $protocol)) { $seen{$id} = "shut\t$!"; return; }
    fcntl($socket, F_SETFL, fcntl($socket, F_GETFL, 0) | O_NONBLOCK);
    $data = pack('CCnnna8', $family == AF_INET6 ? 128 : 8, 0, 0, 1, 1, 'e5bprobe') if $kind eq 'icmp';
    if ($kind eq 'tcp' || $kind eq 'unix') {
        if (!connect($socket, $to) && $! != EINPROGRESS) { $seen{$id} = "shut\t$!"; return; }
    } elsif (!defined send($socket, $data, 0, $to)) { $seen{$id} = "shut\t$!"; return; }
    $open{ fileno $socket } = { id => $id, socket => $socket, data => $data, hear => $hear, got => '', where => $where,
        port => $port, led => $led, write => $kind eq 'tcp' || $kind eq 'unix' };
}

# Where an answer sends: address, port and request of the next try; nothing where it doesn't, or has done so before.
sub elsewhere {
    my ($one) = @_;
    return if $one->{led} || $one->{got} !~ m{^HTTP/1\.[01] 30[1278] .*?\r\nLocation: (http://([\d.]+)(?::(\d+))?(/\S*))\r\n}s;
    my ($url, $host, $port, $path) = ($1, $2, $3 || 80, $4);
    my $proxied = $one->{data} =~ m{^GET http://};
    my $request = 'GET ' . ($proxied ? $url : $path) . " HTTP/1.1\r\nHost: $host\r\nConnection: close\r\n\r\n";
    return $proxied ? ($one->{where}, $one->{port}, $request) : ($host, $port, $request);
}

while (my $line = <STDIN>) {
    chomp $line;
    my ($id, $kind, $where, $port, $send, $hear) = split /\t/, $line, -1;
    begin($id, $kind, $where, $port, pack('H*', $send), pack('H*', $hear), 0);
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
            } elsif (my ($where, $port, $request) = elsewhere($one)) {
                begin($one->{id}, 'tcp', $where, $port, $request, $one->{hear}, 1);
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

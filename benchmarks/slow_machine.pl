#!/usr/bin/perl
# A candidate's machine that asks for much of one station at once. Runs until it is killed; says "ready" once it began.
#   slow_machine.pl ADDRESS PORT HOST KIND COUNT PATH
# Kinds: posts (bodies that come byte by byte), readers (pages that are read byte by byte), idle (connections that are
# kept after a page), headers (requests that don't end), visits (page after page).
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Socket qw(SOL_SOCKET SO_RCVBUF);

my ($address, $port, $host, $kind, $count, $path) = @ARGV;
my $head = "Host: $host\r\nAccept: text/html\r\n";
my %begin = (
    posts => "POST $path HTTP/1.1\r\n${head}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000000\r\n\r\na=",
    readers => "GET $path HTTP/1.1\r\n$head\r\n",
    idle => "GET $path HTTP/1.1\r\n$head\r\n",
    headers => "GET $path HTTP/1.1\r\n${head}X-A: ",
    visits => "GET $path HTTP/1.1\r\n${head}Connection: close\r\n\r\n",
);
$SIG{PIPE} = 'IGNORE';
$| = 1;

sub begun {
    my $socket = IO::Socket::INET->new(PeerAddr => $address, PeerPort => $port, Proto => 'tcp', Timeout => 5) or return;
    setsockopt $socket, SOL_SOCKET, SO_RCVBUF, pack 'l', 2048 if $kind eq 'readers';
    $socket->blocking(0);
    syswrite $socket, $begin{$kind};
    return $socket;
}

my $select = IO::Select->new(grep { $_ } map { begun() } 1 .. $count);
my ($rounds, %answered) = (0);
while (1) {
    # What was asked first has been answered, or has had the time to be where it stays.
    my $all = $kind ne 'readers' || $rounds > 40 || !grep { !$answered{$_} } $select->handles;
    print "ready\n" if $rounds >= 0 && $rounds++ >= ($kind eq 'visits' ? 1000 : 10) && $all && ($rounds = -1);
    select undef, undef, undef, $kind eq 'visits' ? 0.005 : 0.3;
    for my $socket ($select->handles) {
        my $ended = 0;
        $ended = 1 if ($kind eq 'posts' || $kind eq 'headers') && !defined syswrite $socket, 'a';
        # What is refused is asked again.
        my $read = sysread $socket, my $answer, $kind eq 'visits' || $kind eq 'idle' ? 65536 : 64;
        $answered{$socket} = 1 if $read;
        $ended = 1 if defined $read && ($read == 0 || $kind eq 'posts' || $answer =~ /^HTTP\S+ 429/);
        next if !$ended;
        $select->remove($socket);
        close $socket;
    }
    while ($select->count < $count) {
        my $socket = begun() or last;
        $select->add($socket);
    }
}

package contacts;
# Which machine comes to which station, what is recorded of it, and which station is bound to which machine.
# A candidate's machine is the first that signed in at the station since its candidate came: one file for each, which
# outlives a restart. What a CMS takes for signing in stands in stacks/*/gateway/requests.toml.
use strict;
use warnings;
use nginx;
use Digest::MD5 qw(md5_hex);
use Errno qw(EEXIST);
use Fcntl;
use IO::Handle;
use JSON::PP qw(decode_json);

my $folder = '/var/lib/e5b/machines';
my %rules = %{ rules() };
my %own = map { $_ => 1 } @{ $rules{own} };
my %host_of = %{ $rules{hosts} };
my @log_ins = map { qr/$_/ } @{ $rules{log_ins} };
my @hidden = map { qr/$_/ } @{ $rules{hidden_log_ins} };
my @saves = map { [ qr/$_->[0]/, $_->[1] eq '' ? undef : qr/$_->[1]/s ] } @{ $rules{saves} };
my $sign_in = qr{wp-login\.php|AdminLogin|/login};
my @signed_in = map { [ qr/$_->[0]/, qr/^(?:$_->[1])$/, $_->[2] ] } @{ $rules{signed_in} };
# The contacts that this process has recorded. It ends with each reload, so that contacts count again when a candidate comes.
my %recorded;
my $most = 50_000;

sub rules {
    open my $file, '<', '/etc/e5b/contacts.json' or die "no rules of contacts: $!";
    local $/;
    return decode_json(<$file>);
}

# The name of the station's file: its place, and what changes with its candidate.
sub sitting {
    my ($r) = @_;
    my $place = $r->variable('place') // '';
    return $place =~ /^\d+$/ ? $place . '-' . (($r->variable('sitting') // '') =~ s/\W//gr) : '';
}

sub machine_of {
    my ($sitting) = @_;
    open my $file, '<', "$folder/$sitting" or return '';
    return (readline($file) // '') =~ /^(\S+)/ ? $1 : '';
}

sub has_signed_in {
    my ($sitting, $machine) = @_;
    return machine_of($sitting) eq $machine || -e "$folder/$sitting-$machine";
}

sub asked {
    my ($r) = @_;
    my $args = $r->args // '';
    my $path = $r->uri =~ s/\?/%3F/gr =~ s/[\r\n]/ /gr;    # decoded: what stands for a path must not pass for arguments
    return $r->request_method . " $path" . ($args eq '' ? '' : "?$args");
}

# "STATION MACHINE" for a try to sign in, which is limited; empty for any other request, and for those of this machine itself.
sub log_in {
    my $r = shift;
    my $sitting = sitting($r);
    my $machine = $r->remote_addr;
    return '' if $sitting eq '' || $own{$machine};
    my $asked = asked($r);
    my $tries = grep { $asked =~ $_ } @log_ins;
    # A form may name in its body what it asks for, and a browser sends a password with each request once it was asked for
    # one: all that may be a try counts, from a machine that hasn't signed in.
    my $may_be = ($r->header_in('Authorization') // '') =~ /^\s*Basic\b/i || grep { $asked =~ $_ } @hidden;
    $tries ||= $may_be && !has_signed_in($sitting, $machine);
    return $tries ? "$sitting $machine" : '';
}

# "STATION MACHINE" for a machine that hasn't signed in at the station of another; empty for any other, and for this machine itself.
sub stranger {
    my $r = shift;
    my $sitting = sitting($r);
    my $machine = $r->remote_addr;
    return '' if $sitting eq '' || $own{$machine} || machine_of($sitting) eq '';
    return has_signed_in($sitting, $machine) ? '' : "$sitting $machine";
}

# "1" where the station is bound to another machine. An error of this program refuses nobody: work comes first.
sub barred {
    my $r = shift;
    return '0' if !$rules{bind} || $own{ $r->remote_addr };
    my $sitting = sitting($r);
    return '0' if $sitting eq '';
    my $machine = machine_of($sitting);
    return $machine ne '' && $machine ne $r->remote_addr ? '1' : '0';
}

sub signs_in {
    my ($r) = @_;
    my $asked = asked($r);
    my $status = $r->variable('upstream_status') // '';
    my @sites = map { md5_hex("$_://" . ($r->header_in('Host') // '')) } qw(http https);
    for my $rule (@signed_in) {
        my ($pattern, $statuses, $cookie) = @$rule;
        next if $asked !~ $pattern || $status !~ $statuses;
        return 1 if $cookie eq '';
        for my $site (@sites) {
            my $value = $r->variable('upstream_cookie_' . ($cookie =~ s/\{site\}/$site/r)) // '';
            return 1 if length $value > 20;    # a cookie that is taken away is short
        }
    }
    return 0;
}

# Called before the answer to a request goes out: so of two machines that sign in together, one is the first. Always empty.
sub answered {
    my $r = shift;
    my $sitting = sitting($r);
    my $machine = $r->remote_addr;
    return '' if $sitting eq '' || $own{$machine} || !signs_in($r);
    eval { note($sitting, $machine); 1 } or warn "e5b: $@";
    return '';
}

sub note {
    my ($sitting, $machine) = @_;
    return if machine_of($sitting) eq $machine || write_whole("$folder/$sitting", "$machine " . time . "\n");
    write_whole("$folder/$sitting-$machine", '') if !-e "$folder/$sitting-$machine";
}

# Whether a request of the candidate saved something, as far as its form and the answer's status show. He writes both, and each
# pattern costs the room's time: they see the beginning of the address alone, and both ends of the form.
sub saves {
    my ($r) = @_;
    return 0 if ($r->variable('upstream_status') // '') !~ /^[23]\d\d$/;
    return 0 if ($r->variable('upstream_http_location') // '') =~ /$sign_in/;    # who isn't signed in any more saves nothing
    my $asked = substr asked($r), 0, 1000;
    my $form = $r->variable('request_body') // '';
    $form = substr($form, 0, 4000) . '&' . substr($form, -4000) if length $form > 8000;
    for my $rule (@saves) {
        my ($pattern, $body) = @$rule;
        next if $asked !~ $pattern;
        # What is too large to be read here is no request that a browser sends by itself.
        return 1 if !$body || ($r->variable('request_body_file') // '') ne '' || $form =~ $body;
    }
    return 0;
}

# When a candidate last saved is the time of a file, which is set every few seconds at most.
sub note_save {
    my ($sitting) = @_;
    my $path = "$folder/saved.$sitting";
    my $at = (stat $path)[9];
    return if defined $at && time - $at < 5;
    open my $file, '>', $path or die "$path: $!";
    close $file or die "$path: $!";
}

# Write a file where there is none, whole or not at all; whether it was written.
sub write_whole {
    my ($path, $content) = @_;
    my $new = "$folder/.new-$$";
    sysopen my $file, $new, O_WRONLY | O_CREAT | O_TRUNC, 0600 or die "$new: $!";
    print {$file} $content or die "$new: $!";
    $file->flush && $file->sync or die "$new: $!";
    close $file or die "$new: $!";
    my $made = link $new, $path;
    my $why = $!;
    unlink $new;
    die "$path: $why" if !$made && $why != EEXIST;
    if ($made && open my $entries, '<', $folder) {    # the name lies on the disk as well
        IO::Handle->new_from_fd(fileno $entries, '<')->sync;
    }
    return $made;
}

# Whose machine asks: "own" of the station's candidate, "other", "room" (this one), or empty where nobody has signed in yet.
sub whose {
    my $r = shift;
    my $sitting = sitting($r);
    return 'room' if $own{ $r->remote_addr };
    my $machine = $sitting eq '' ? '' : machine_of($sitting);
    return $machine eq '' ? '' : $machine eq $r->remote_addr ? 'own' : 'other';
}

# What is recorded of a request: "barred", "slowed", "signed_in", "log_in" (a try without success, as
# far as the answer shows), "write" (of a machine that isn't known as the candidate's), "contact" (the machine's first with
# the station); empty where nothing is.
sub kind {
    my $r = shift;
    my $sitting = sitting($r);
    return '' if $sitting eq '' || ($r->header_in('Host') // '') ne $host_of{ $r->variable('place') };
    my $machine = $r->remote_addr;
    my $key = "$sitting $machine";
    %recorded = () if keys %recorded > $most;
    my $status = $r->variable('status') // '';
    my $tries = ($r->variable('log_in') // '') ne '';
    # What this server refused as too much is on record as that, and reached nobody: the machine's first contact is still to come.
    return '' if !$tries && $status eq '429' && !$r->variable('upstream_status');
    my $first = !$recorded{$key}++;
    return 'barred' if ($r->variable('barred') // '') eq '1';
    return 'slowed' if $tries && $status eq '429' && !$r->variable('upstream_status');
    if ($r->variable('upstream_status')) {
        if (!$own{$machine} && whose($r) eq 'own' && saves($r)) {
            eval { note_save($sitting); 1 } or warn "e5b: $@";
        }
        my $signs_in = signs_in($r);
        # Of the pages that show it, the first alone is news.
        return 'signed_in' if $signs_in && ($first || $r->request_method ne 'GET' || !$recorded{"$key in"}++);
        return 'log_in' if !$signs_in && $tries && $status =~ /^(?:200|401|403)$/;
        my $reads = $r->request_method =~ /^(?:GET|HEAD|OPTIONS)$/;
        return 'write' if !$reads && !$own{$machine} && whose($r) ne 'own';
    }
    return $first ? 'contact' : '';
}

1;
__END__

# The first process of the virtual machine after its root is the machine's. It starts an ssh server at each serial port, for the key on the
# kernel's command line.
export HOME=/root TERM=dumb LC_ALL=C
option() { for word in $(cat /proc/cmdline); do case $word in "$1="*) echo "${word#*=}" ;; esac; done; }
project=$(option netns_root)
export PATH="$project/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

mkdir -p /run/netns /run/lock /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ip link set lo up
modprobe tun
mkdir -p /dev/net
[ -e /dev/net/tun ] || mknod -m 666 /dev/net/tun c 10 200
# Otherwise the modules of tunnels create links in every namespace, which the tests would count.
echo 2 >/proc/sys/net/core/fb_tunnels_only_for_init_net
# Each sandbox has a copy of /etc, which takes long here: only what the tools of the tests need stays.
mkdir -p /run/etc/alternatives
for file in passwd group shadow hosts nsswitch.conf ld.so.cache services protocols iproute2 alternatives/awk alternatives/nc; do
  [ ! -e "/etc/$file" ] || cp -a "/etc/$file" "/run/etc/$file"
done
mount --bind /run/etc /etc

# The tests start these thousands of times. A change of its time copies a file to the file system in memory, from where it starts a third faster.
for tool in ip bridge tc nft wg sh bash env nsenter unshare setsid timeout cat mkdir rm sleep ping pgrep find tr cut dnsmasq; do
  command -v "$tool"
done | xargs readlink -f >/run/tools
{ cat /run/tools; xargs ldd </run/tools | grep -o '/[^ ]*'; } | sort -u | xargs touch -c

mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N "" -f /run/host_key
printf 'ssh-ed25519 %s\n' "$(option netns_key)" >/run/authorized_keys
# An account that is not locked, with a shell that reads no profile.
sed -i 's/^root:[^:]*:/root:*:/' /etc/shadow
sed -i 's#^root:.*#root:*:0:0:root:/root:/bin/sh#' /etc/passwd

# The client sends one byte before it speaks to the server. Without a client, a read of a port returns at once. A single process polls the
# port: starting a process for each read would take a quarter of the emulated processor.
serve() {
  while :; do
    exec 3<>"$1"
    perl -e 'select undef, undef, undef, 0.05 until sysread STDIN, $byte, 1' <&3
    /usr/sbin/sshd -i -e -f /dev/null -o HostKey=/run/host_key -o AuthorizedKeysFile=/run/authorized_keys \
      -o MaxSessions=1000 -o UsePAM=no -o StrictModes=no -o PermitRootLogin=yes -o PasswordAuthentication=no <&3 >&3
    exec 3>&-
  done
}

for port in /dev/vport*p*; do serve "$port" & done
wait

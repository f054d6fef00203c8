# The first process of the virtual machine after its root is the machine's: runs the worker of the tests, and powers off.
export HOME=/root TERM=dumb LC_ALL=C
option() { for word in $(cat /proc/cmdline); do case $word in "$1="*) echo "${word#*=}" ;; esac; done; }
project=$(option netns_root)
export PATH="$project/node_modules/.bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

mkdir -p /run/netns /run/lock /dev/pts /dev/shm
mount -t devpts devpts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t cgroup2 cgroup2 /sys/fs/cgroup
ip link set lo up
# Otherwise the modules of tunnels create links in every namespace, which the tests would count.
echo 2 >/proc/sys/net/core/fb_tunnels_only_for_init_net
cd "$project" && setsid node test/support/vm/worker.ts /dev/vport*p1 </dev/null
echo "guest.sh: the worker ended with exit code $?"
sync
echo o >/proc/sysrq-trigger
sleep 60

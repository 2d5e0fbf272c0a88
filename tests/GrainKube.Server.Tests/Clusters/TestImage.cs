namespace GrainKube.Server.Tests.Clusters;

/// <summary>The image of the tests: the machine's static busybox. It is made here; nothing is pulled.</summary>
internal static class TestImage
{
    public const string Name = "grainkube.local/server-test:1";
    private static readonly Lazy<Task> Made = new(MakeAsync);

    public static Task EnsureAsync() => Made.Value;

    private static async Task MakeAsync()
    {
        if ((await Command.RunAsync("docker", ["image", "inspect", Name])).ExitCode == 0)
        {
            return;
        }

        var script = $"""
            set -e
            root=$(mktemp -d)
            trap 'rm -rf "$root"' EXIT
            mkdir -p "$root/bin" "$root/etc" "$root/tmp"
            chmod 1777 "$root/tmp"
            cp /bin/busybox "$root/bin/busybox"
            for applet in $("$root/bin/busybox" --list); do [ "$applet" = busybox ] || ln -s busybox "$root/bin/$applet"; done
            echo 'root:x:0:0:root:/:/bin/sh' >"$root/etc/passwd"
            tar -C "$root" --owner=0 --group=0 -c . | docker import -c 'ENV PATH=/bin' -c 'CMD ["/bin/sh"]' - {Name}
            """;
        (await Command.RunAsync("/bin/sh", ["-c", script])).Ok();
    }
}

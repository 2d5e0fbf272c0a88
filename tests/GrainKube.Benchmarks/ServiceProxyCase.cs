using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using GrainKube.Networking.Proxy;
using GrainKube.Networking.Proxy.Iptables;
using GrainKube.Networking.Proxy.Machine;
using GrainKube.Networking.Proxy.Nftables;
using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Benchmarks;

/// <summary>
/// The service proxy on this machine: throughput between two containers of one bridge, directly and through a ClusterIP in turn; and what a change costs among 5,000 services (those in a network
/// namespace of their own). Needs root, Docker, and the image that <c>infra/up.sh</c> makes.
/// </summary>
internal static partial class ServiceProxyCase
{
    private const string Image = "grainkube.local/busybox:1";
    private const string Name = "grainkube-bench";
    private const string Range = "10.213.250.0/24";
    private const string ServerAddress = "10.213.250.10";
    private const string ServiceAddress = "10.127.250.10";
    private const int Rounds = 5;
    private const int Services = 5000;
    private static readonly MachineCommands Machine = new();

    public static async Task<int> RunAsync()
    {
        var table = new Table();
        foreach (var (name, make) in new (string, Func<IMachineCommands, ProxyNode, IProxyBackend>)[]
        {
            ("nftables", (machine, node) => new NftablesBackend(machine, node)), ("iptables", (machine, node) => new IptablesBackend(machine, node)),
        })
        {
            await ThroughputAsync(name, make(Machine, new ProxyNode("bench", Range, Range)), table);
            await ChangesAsync(name, make, table);
        }

        Console.WriteLine();
        table.Print();
        return 0;
    }

    private static async Task ThroughputAsync(string name, IProxyBackend backend, Table table)
    {
        try
        {
            await OkAsync("docker", "network", "create", "--subnet", Range, Name);
            await OkAsync("docker", "run", "-d", "--rm", "--network", Name, "--ip", ServerAddress, "--name", Name + "-server", Image, "sh", "-c", "nc -ll -p 9000 -e sh -c 'cat >/dev/null'");
            await OkAsync("docker", "run", "-d", "--rm", "--network", Name, "--name", Name + "-client", Image, "sleep", "3600");
            await backend.ReplaceAsync([Service(0, ServiceAddress, ServerAddress)], [], CancellationToken.None);
            var (direct, through) = (new List<double>(), new List<double>());
            for (var round = 0; round < Rounds; round++)
            {
                direct.Add(await SendAsync($"{ServerAddress} 9000"));
                through.Add(await SendAsync($"{ServiceAddress} 80"));
            }

            var share = Median(through) / Median(direct) * 100;
            table.Add(name, "throughput through a ClusterIP", Text($"{share:F1} % of direct ({Median(through):F0} of {Median(direct):F0} MB/s)"), "95 %");
        }
        finally
        {
            await backend.RemoveAsync(CancellationToken.None);
            await Machine.RunAsync("docker", ["rm", "-f", Name + "-server", Name + "-client"], "", CancellationToken.None);
            await Machine.RunAsync("docker", ["network", "rm", Name], "", CancellationToken.None);
        }
    }

    // The first attempts may come before the server listens again.
    private static async Task<double> SendAsync(string where)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            var sent = await Machine.RunAsync("docker", ["exec", Name + "-client", "time", "-f", "took %e", "nc", .. where.Split(' '), "-e", "dd", "if=/dev/zero", "bs=1M", "count=2000"], "", CancellationToken.None);
            if (sent.Succeeded && Speed().Match(sent.Error) is { Success: true } seconds)
            {
                return 2000 * 1.048576 / double.Parse(seconds.Groups[1].Value, CultureInfo.InvariantCulture);
            }

            await Task.Delay(100);
        }

        throw new InvalidOperationException($"{where} does not listen");
    }

    private static async Task ChangesAsync(string name, Func<IMachineCommands, ProxyNode, IProxyBackend> make, Table table)
    {
        await OkAsync("ip", "netns", "add", Name);
        try
        {
            var backend = make(new InNamespace(), new ProxyNode("bench", "10.244.0.0/24", "10.244.0.0/16"));
            var all = Enumerable.Range(0, Services).Select(i => Service(i, AddressOf(i), "10.244.0.9", "10.244.1.9")).ToList();
            var clock = Stopwatch.StartNew();
            await backend.ReplaceAsync(all, [], CancellationToken.None);
            table.Add(name, Text($"{Services} services put in force at once"), Text($"{clock.Elapsed.TotalSeconds:F1} s"), "");
            var times = new List<double>();
            for (var i = 0; i < 10; i++)
            {
                // One gets another endpoint, one goes, and one comes.
                clock.Restart();
                await backend.UpdateAsync(
                    [Service(i, AddressOf(i), "10.244.0.7"), new ProxiedService(NameOf(100 + i), []), Service(Services + i, AddressOf(Services + i), "10.244.0.8")], [], CancellationToken.None);
                times.Add(clock.Elapsed.TotalMilliseconds);
            }

            table.Add(name, Text($"a change among {Services} services in force"), Text($"{Median(times):F0} ms, worst {times.Max():F0} ms"), "1 s");
        }
        finally
        {
            await Machine.RunAsync("ip", ["netns", "del", Name], "", CancellationToken.None);
        }
    }

    private static ServiceName NameOf(int number) => new("bench", Text($"service-{number}"));

    private static string AddressOf(int number) => Text($"10.96.{number / 250}.{number % 250 + 1}");

    private static ProxiedService Service(int number, string address, params string[] endpoints)
    {
        var targets = endpoints.Select(e => new ServiceEndpoint(e, 9000, true)).ToArray();
        return new ProxiedService(
            NameOf(number),
            [new ServicePort { Service = NameOf(number), Name = "", Protocol = "tcp", ClusterIp = address, Port = 80, Cluster = [.. targets], Local = [.. targets], HasEndpoints = true }]);
    }

    private static async Task OkAsync(string program, params string[] arguments)
    {
        var result = await Machine.RunAsync(program, arguments, "", CancellationToken.None);
        if (!result.Succeeded)
        {
            throw MachineException.For(program, result);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("took ([0-9.]+)")]
    private static partial Regex Speed();

    private sealed class InNamespace : IMachineCommands
    {
        public Task<MachineResult> RunAsync(string program, IReadOnlyList<string> arguments, string input, CancellationToken cancel) =>
            Machine.RunAsync("ip", ["netns", "exec", Name, program, .. arguments], input, cancel);
    }
}

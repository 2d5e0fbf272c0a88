namespace GrainKube.Benchmarks;

/// <summary>
/// Measures the budgets against a real server process over TLS, on the stores that are named, and prints a table.
/// <c>dotnet run -c Release --project tests/GrainKube.Benchmarks -- PATH/TO/grainkube [embedded] [etcd] [start] [writes] [watch] [schedule] [admission] [ingress]</c> (all that are not named, where none of its sort is),
/// or with <c>cluster</c>, <c>dns</c> or <c>proxy</c> alone the start of a cluster inside a test, or that part of a node's network, with <c>requests</c> what each request pays in memory.
/// </summary>
internal static class Benchmarks
{
    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["dns"]:
                await DnsCase.RunAsync(new Table());
                return 0;
            case ["cluster"]:
                await ClusterCase.RunAsync(new Table());
                return 0;
            case ["requests"]:
                var steps = new Table();
                await RequestCase.RunAsync(steps);
                steps.Print();
                return 0;
            case ["proxy"]:
                return await ServiceProxyCase.RunAsync();
        }

        if (args.Length == 0 || !File.Exists(args[0]))
        {
            await Console.Error.WriteLineAsync("usage: benchmarks PATH/TO/grainkube [embedded] [etcd] [start] [writes] [watch] [schedule] [admission] [ingress]   (publish the server first)\n       benchmarks cluster\n       benchmarks dns\n       benchmarks requests\n       benchmarks proxy   (as root)");
            return 2;
        }

        var table = new Table();
        foreach (var store in Chosen(args, "embedded", "etcd"))
        {
            await using var etcd = store == "etcd" ? await EtcdProcess.StartAsync() : null;
            var flags = etcd is null ? "" : $"--store etcd={etcd.Url}";
            foreach (var part in Chosen(args, "start", "writes", "watch", "schedule", "admission", "ingress"))
            {
                await (part switch
                {
                    "start" => StartCase.RunAsync(args[0], store, flags, table),
                    "writes" => WriteCases.RunAsync(args[0], store, flags, table),
                    "watch" => WatchCases.RunAsync(args[0], store, flags, table),
                    "schedule" => ScheduleCase.RunAsync(args[0], store, flags, table),
                    _ when etcd is not null => Task.CompletedTask, // the two servers of a comparison would be one cluster, and a door asks no store
                    "admission" => AdmissionCase.RunAsync(args[0], table),
                    _ => IngressCase.RunAsync(args[0], table),
                });
            }
        }

        Console.WriteLine();
        table.Print();
        return 0;
    }

    private static string[] Chosen(string[] args, params string[] sort) => sort.Intersect(args[1..]).ToArray() is { Length: > 0 } named ? named : sort;
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace GrainKube.Benchmarks;

/// <summary>What a server spends on its requests: processor time and allocated bytes. Other than the clock they are much the same on a busy machine.</summary>
internal sealed partial class Cost(ServerProcess server, HttpClient http)
{
    private double microseconds;
    private double bytes;
    private int count;

    /// <summary>Processor time of a request, in microseconds.</summary>
    public double Microseconds => microseconds / count;

    /// <summary>Does <paramref name="requests"/> requests and counts what they cost.</summary>
    public async Task<T> OfAsync<T>(int requests, Func<Task<T>> work)
    {
        var (cpu, allocated) = (server.Cpu, await AllocatedAsync());
        var result = await work();
        microseconds += (server.Cpu - cpu).TotalMicroseconds;
        bytes += await AllocatedAsync() - allocated;
        count += requests;
        return result;
    }

    /// <summary>The same for work without a result.</summary>
    public Task OfAsync(int requests, Func<Task> work) => OfAsync(requests, async () =>
    {
        await work();
        return true;
    });

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Microseconds:F0} µs of CPU, {bytes / count / 1000:F1} KB");

    private async Task<double> AllocatedAsync() => double.Parse(Allocated().Match(await http.GetStringAsync("/metrics")).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^dotnet_gc_heap_total_allocated_bytes_total(?:\{.*\})? (\S+)", RegexOptions.Multiline)]
    private static partial Regex Allocated();
}

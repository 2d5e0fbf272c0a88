using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace GrainKube.Benchmarks;

/// <summary>Many requests by many clients, timed one by one.</summary>
internal static class Load
{
    /// <returns>The rate and the latencies, as a cell of the table.</returns>
    public static async Task<string> MeasureAsync(int count, int clients, Func<int, Task> one)
    {
        var latencies = new double[count];
        var next = -1;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var i && i < count)
            {
                var start = Stopwatch.GetTimestamp();
                await one(i);
                latencies[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }));
        var seconds = clock.Elapsed.TotalSeconds;
        Array.Sort(latencies);
        return string.Create(
            CultureInfo.InvariantCulture, $"{count / seconds:F0}/s, p50 {latencies[count / 2]:F2} ms, p99 {latencies[(int)(count * 0.99)]:F2} ms");
    }

    public static async Task SendAsync(HttpClient http, HttpMethod method, string path, string? body = null, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path) { Version = http.DefaultRequestVersion, VersionPolicy = http.DefaultVersionPolicy };
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, type);
        }

        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsByteArrayAsync();
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{method} {path}: {(int)answer.StatusCode} {Encoding.UTF8.GetString(text)}");
        }
    }

    /// <summary>A namespace, once its service account is there.</summary>
    public static async Task NamespaceAsync(HttpClient http, string name)
    {
        await SendAsync(http, HttpMethod.Post, "/api/v1/namespaces", $$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"}}""");
        while (!(await http.GetAsync($"/api/v1/namespaces/{name}/serviceaccounts/default")).IsSuccessStatusCode)
        {
            await Task.Delay(20);
        }
    }
}

using System.Collections.Concurrent;
using System.Net;

namespace GrainKube.Server.Tests.Samples;

/// <summary>Asks addresses at a steady pace, each by a connection of its own for every request, and writes down what was not a good answer.</summary>
internal sealed class SteadyRequests : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);
    private readonly CancellationTokenSource stop = new();
    private readonly HttpClient http = Guestbook.Client();
    private readonly Task[] clients;
    private int answered;

    public SteadyRequests(params IEnumerable<Uri> addresses) => clients = [.. addresses.Select(address => Task.Run(() => AskAsync(address)))];

    public ConcurrentQueue<string> Errors { get; } = [];

    public int Answered => Volatile.Read(ref answered);

    /// <summary>Ends the stream; requests under way are answered.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(clients);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        http.Dispose();
        stop.Dispose();
    }

    private async Task AskAsync(Uri address)
    {
        using var timer = new PeriodicTimer(Pace);
        while (!stop.IsCancellationRequested)
        {
            await AskOnceAsync(address);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    private async Task AskOnceAsync(Uri address)
    {
        var at = TimeProvider.System.GetUtcNow();
        try
        {
            using var answer = await http.GetAsync(address);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                Interlocked.Increment(ref answered);
                return;
            }

            Errors.Enqueue($"{at:HH:mm:ss.fff} {address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            Errors.Enqueue($"{at:HH:mm:ss.fff} {address}: {failure.Message} {failure.InnerException?.Message}");
        }
    }
}

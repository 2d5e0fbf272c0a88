using System.Diagnostics;

namespace GrainKube.Docker.Tests.Engine;

internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>The first answer that is not null.</summary>
    public static async Task<T> AsyncOf<T>(Func<Task<T?>> look)
        where T : class
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Limit)
        {
            if (await look() is { } found)
            {
                return found;
            }

            await Task.Delay(Pause, TimeProvider.System);
        }

        throw new TimeoutException($"It did not come true within {Limit.TotalSeconds} s.");
    }

    public static Task TrueAsync(Func<Task<bool>> look) => AsyncOf(async () => await look() ? "" : null);
}

using System.Diagnostics;

namespace GrainKube.Server.Tests.Clusters;

/// <summary>Waits for a state of the world. The bound is generous: the machine may be busy with other tests.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks until the answer satisfies.</summary>
    /// <exception cref="TimeoutException">It never did; the message tells the last answer.</exception>
    /// <param name="bound">How long it may take; null is <see cref="Bound"/>.</param>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> satisfies, string what, TimeSpan? bound = null)
    {
        var limit = bound ?? Bound;
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var answer = await ask();
            if (satisfies(answer))
            {
                return answer;
            }

            if (clock.Elapsed > limit)
            {
                throw new TimeoutException($"{what}: not within {limit.TotalSeconds} s; the last answer was: {answer}");
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <inheritdoc cref="GetAsync{T}"/>
    public static Task TrueAsync(Func<Task<bool>> ask, string what) => GetAsync(ask, answer => answer, what);
}

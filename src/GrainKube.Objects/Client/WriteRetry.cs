using GrainKube.Objects.Store;
using GrainKube.Objects.Writes;

namespace GrainKube.Objects.Client;

/// <summary>Sends a write to its grain, again where the first try cannot have been refused for a reason: the grain's silo died, or the store was away for a moment.</summary>
/// <remarks>
/// A silo that dies may have committed before. A patch that is sent again then finds its work done, a create its own object by the uid that it carries; a delete may find nothing left.
/// </remarks>
internal sealed class WriteRetry(TimeProvider time)
{
    /// <summary>Longer than it takes to declare a frozen silo dead.</summary>
    private static readonly TimeSpan SiloPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(200);
    private const int StoreTries = 6;

    public async Task<T> SendAsync<TGrain, T>(TGrain grain, WriteRequest request, Func<TGrain, WriteRequest, Task<T>> call, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(grain, request).WaitAsync(cancel);
            }
            catch (StoreException failure) when (failure.IsTransient && attempt < StoreTries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(25 << attempt), time, cancel);
            }
            catch (Exception failure) when (IsOfSilo(failure) && time.GetElapsedTime(began) < SiloPatience)
            {
                var pause = TimeSpan.FromMilliseconds(10 << Math.Min(attempt, 10));
                await Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancel);
            }
        }
    }

    /// <summary>True where the grain's silo is gone or going: another one takes the same call.</summary>
    private static bool IsOfSilo(Exception failure) => failure is SiloUnavailableException or OrleansMessageRejectionException or Orleans.Runtime.Messaging.ConnectionFailedException;
}

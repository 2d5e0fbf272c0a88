using GrainKube.Objects.Store;
using GrainKube.Objects.Writes;

namespace GrainKube.Objects.Client;

/// <summary>Sends a write to its grain, again where the first try cannot have been refused for a reason: the grain's silo died, or the store was away for a moment.</summary>
/// <remarks>
/// A silo that dies may have committed before. A patch that is sent again then finds its work done; a create may find its own object and reports <c>AlreadyExists</c>,
/// as upstream does after a lost answer.
/// </remarks>
internal sealed class WriteRetry(TimeProvider time)
{
    private const int Tries = 6;

    public async Task<WriteResult> SendAsync(IObjectGrain grain, WriteRequest request, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await grain.WriteAsync(request).WaitAsync(cancel);
            }
            catch (Exception failure) when (attempt < Tries && IsPassing(failure))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50 << attempt), time, cancel);
            }
        }
    }

    /// <summary>True where the same call may succeed in a moment.</summary>
    private static bool IsPassing(Exception failure) => failure is SiloUnavailableException or OrleansMessageRejectionException or StoreException { IsTransient: true };
}

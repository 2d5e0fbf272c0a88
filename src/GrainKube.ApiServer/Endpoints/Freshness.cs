using System.Globalization;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiServer.Pipeline;
using GrainKube.Objects.Cache;
using Microsoft.Extensions.Options;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>Makes reads as new as the client asks: without a revision they see every write acknowledged before, with 0 whatever is there, with N at least N.</summary>
internal sealed class Freshness(WatchCache cache, IOptions<ApiServerOptions> options, TimeProvider time)
{
    /// <exception cref="ApiException">504 where revision N does not come in time.</exception>
    public async Task WaitAsync(long? revision, CancellationToken cancel)
    {
        if (revision is null)
        {
            await cache.WaitUntilCurrentAsync(cancel);
        }
        else if (revision > cache.Revision)
        {
            await WaitForAsync(revision.Value, cancel);
        }
    }

    private async Task WaitForAsync(long revision, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(options.Value.FreshnessTimeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancel);
        try
        {
            // A revision may belong to something that is no object: only the barrier proves that the cache has passed it.
            var reached = await cache.WaitUntilCurrentAsync(both.Token);
            if (reached < revision)
            {
                await cache.WaitForAsync(revision, both.Token);
            }
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw TooLarge(revision);
        }
    }

    private ApiException TooLarge(long revision)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"Too large resource version: {revision}, current: {cache.Revision}");
        return new ApiException(ApiException.Timeout(text, retryAfterSeconds: 1).Status with
        {
            Causes = [new StatusCause("ResourceVersionTooLarge", "Too large resource version", "")],
        });
    }
}

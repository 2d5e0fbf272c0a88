using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Client;

namespace GrainKube.Objects.Writes.Outside;

/// <summary>
/// The way of every write, a client's or a controller's, to the object's grain: straight where nobody outside is to be asked, otherwise prepare (a turn), ask, commit (a turn). A turn that
/// stops at a question to the authorizers is repeated with the answer.
/// </summary>
public sealed class WriteRoute(IGrainFactory grains, TimeProvider time, IOutsideAdmission? outside = null, IOutsideChecks? checks = null)
{
    private const int Attempts = 5;

    /// <summary>So many questions that only somebody outside can answer may one write raise.</summary>
    private const int MostChecks = 100;
    private readonly WriteRetry retry = new(time);

    // Orleans looks an interface up by its name and attributes each time that a grain is asked for by it.
    private readonly Lazy<(GrainType Grain, GrainInterfaceType Interface)> type = new(() =>
    {
        var any = grains.GetGrain<IObjectGrain>("any");
        return (any.GetGrainId().Type, ((GrainReference)any).InterfaceType);
    });

    /// <exception cref="ApiException">The write was refused.</exception>
    /// <exception cref="Store.StoreException">The store failed.</exception>
    public async Task<WriteResult> SendAsync(ObjectKey key, WriteRequest request, CancellationToken cancel)
    {
        if (request is { Verb: WriteVerb.Create, Subresource: "", Uid: null })
        {
            request = request with { Uid = Guid.NewGuid().ToString() };
        }

        var grain = (IObjectGrain)grains.GetGrain(GrainId.Create(type.Value.Grain, key.ToString()), type.Value.Interface);
        for (var attempt = 1; !request.IsPart && outside?.Review(key, request) is { } review; attempt++)
        {
            try
            {
                return await AskAsync(grain, request, review, cancel);
            }
            catch (StalePreparationException) when (attempt < Attempts)
            {
                // What was shown is no longer what is stored: they are asked again.
            }
            catch (ApiException refused) when (review.Warnings.Count + review.AuditAnnotations.Count > 0)
            {
                throw refused.Noting(review.AuditAnnotations, review.Warnings);
            }
            catch (StalePreparationException)
            {
                throw ApiException.StaleObject(key.GroupResource, key.Name);
            }
        }

        return (await SendAsync(request, grain.WriteAsync, cancel)).Result;
    }

    /// <returns>What came of it, and the request with all answers that it took.</returns>
    private async Task<(T Result, WriteRequest Request)> SendAsync<T>(WriteRequest request, Func<WriteRequest, Task<T>> send, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return (await retry.SendAsync(() => send(request), cancel), request);
            }
            catch (UnansweredCheckException open) when (checks is not null)
            {
                if (request.Answers.Count == MostChecks)
                {
                    throw ApiException.InternalError($"admission policies ask more than {MostChecks} questions of authorizers outside");
                }

                request = request with { Answers = [.. request.Answers, new AnsweredCheck(open.Check, await checks.AskAsync(request.User, open.Check, cancel))] };
            }
        }
    }

    private async Task<WriteResult> AskAsync(IObjectGrain grain, WriteRequest request, IOutsideReview review, CancellationToken cancel)
    {
        async Task<PreparedWrite> PrepareAsync(PrepareStage stage)
        {
            (var prepared, request) = await SendAsync(request, asked => grain.PrepareAsync(asked, stage), cancel);
            return prepared;
        }

        if (review.Mutates)
        {
            var prepared = await PrepareAsync(PrepareStage.Mutated);
            var changed = await review.MutateAsync(
                prepared,
                made =>
                {
                    request = request with { Admitted = new AdmittedWrite(prepared.Revision, made) };
                    return PrepareAsync(PrepareStage.Mutated);
                },
                cancel);
            request = request with { Admitted = new AdmittedWrite(prepared.Revision, changed) };
        }

        if (review.Validates)
        {
            var prepared = await PrepareAsync(PrepareStage.Validated);
            await review.ValidateAsync(prepared, cancel);
            request = request with { Admitted = new AdmittedWrite(prepared.Revision, request.Admitted?.Object) };
        }

        var (result, _) = await SendAsync(request, grain.WriteAsync, cancel);
        return review.Warnings.Count + review.AuditAnnotations.Count == 0
            ? result
            : result with { Warnings = [.. result.Warnings.Concat(review.Warnings).Distinct(StringComparer.Ordinal)], AuditAnnotations = result.AuditAnnotations.UnionBy(review.AuditAnnotations, a => a.Key).ToDictionary() };
    }
}

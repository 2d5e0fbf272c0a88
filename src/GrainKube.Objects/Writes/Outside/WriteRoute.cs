using GrainKube.ApiMachinery.Cel.Library;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Client;

namespace GrainKube.Objects.Writes.Outside;

/// <summary>
/// The way of every write, a client's or a controller's, to the object's grain: straight where nobody outside is to be asked, otherwise prepare (a turn), ask, commit (a turn). A turn that
/// stops at a question to the authorizers is repeated with the answer. A new object that admission gives another name goes on at the grain of that name.
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

        for (var attempt = 1; !request.IsPart && outside?.Review(key, request) is { } review; attempt++)
        {
            try
            {
                return await AskAsync(key, request, review, cancel);
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

        return (await SendAsync(key, request, static (grain, asked) => grain.WriteAsync(asked), cancel)).Result;
    }

    /// <returns>What came of it, the key under which it was done, and the request with all answers that it took.</returns>
    private async Task<(T Result, ObjectKey Key, WriteRequest Request)> SendAsync<T>(ObjectKey key, WriteRequest request, Func<IObjectGrain, WriteRequest, Task<T>> send, CancellationToken cancel)
    {
        for (var names = 1; ;)
        {
            var grain = (IObjectGrain)grains.GetGrain(GrainId.Create(type.Value.Grain, key.ToString()), type.Value.Interface);
            try
            {
                return (await retry.SendAsync(grain, request, send, cancel), key, request);
            }
            catch (RenamedException renamed) when (names++ < Attempts)
            {
                (key, request) = (key with { Name = renamed.Name }, request with { Admitted = new AdmittedWrite(0, renamed.Admitted) });
            }
            catch (RenamedException renamed)
            {
                throw ApiException.InternalError($"admission gives the object another name each time it is asked, at last \"{renamed.Name}\"");
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

    private async Task<WriteResult> AskAsync(ObjectKey key, WriteRequest request, IOutsideReview review, CancellationToken cancel)
    {
        async Task<PreparedWrite> PrepareAsync(PrepareStage stage)
        {
            (var prepared, key, request) = await SendAsync(key, request, (grain, asked) => grain.PrepareAsync(asked, stage), cancel);
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

        var (result, _, _) = await SendAsync(key, request, static (grain, asked) => grain.WriteAsync(asked), cancel);
        return review.Warnings.Count + review.AuditAnnotations.Count == 0
            ? result
            : result with { Warnings = [.. result.Warnings.Concat(review.Warnings).Distinct(StringComparer.Ordinal)], AuditAnnotations = result.AuditAnnotations.UnionBy(review.AuditAnnotations, a => a.Key).ToDictionary() };
    }
}

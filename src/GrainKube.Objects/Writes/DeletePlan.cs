using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.Objects.Writes;

/// <summary>DELETE: at once, after a grace period, or when the last finalizer has gone.</summary>
internal sealed class DeletePlan(Admissions admissions)
{
    public const string OrphanFinalizer = "orphan";
    public const string ForegroundFinalizer = "foregroundDeletion";

    public async Task<PlannedWrite> PlanAsync(WriteOperation write, CurrentObject? current)
    {
        if (current is null)
        {
            throw ApiException.NotFound(write.Definition.GroupResource, write.Key.Name);
        }

        if (write.Request.Preconditions is { } wanted)
        {
            CheckPreconditions(write, current, wanted);
        }

        await admissions.MutateAsync(write, AdmissionOperation.Delete, null, current);
        await admissions.ValidateAsync(write, AdmissionOperation.Delete, null, current);
        return Plan(write, current);
    }

    /// <exception cref="ApiException">409 in upstream's words, which name the kind where others name the resource.</exception>
    public static void CheckPreconditions(WriteOperation write, CurrentObject current, Preconditions wanted)
    {
        var names = write.Definition.Names;
        if (wanted.Uid is { } uid && uid != current.Header.Uid)
        {
            throw ApiException.Conflict(
                new GroupResource(names.Group, names.Kind),
                write.Key.Name,
                $"the UID in the precondition ({uid}) does not match the UID in record ({current.Header.Uid}). The object might have been deleted and then recreated");
        }

        if (wanted.RevisionText is not null || (wanted.Revision is { } revision && revision != current.Revision))
        {
            throw ApiException.Conflict(
                new GroupResource(names.Group, names.Kind),
                write.Key.Name,
                $"the ResourceVersion in the precondition ({wanted.RevisionText ?? $"{wanted.Revision}"}) does not match the ResourceVersion in record ({current.Revision}). The object might have been modified");
        }
    }

    private static PlannedWrite Plan(WriteOperation write, CurrentObject current)
    {
        var next = current.Copy();
        var metadata = next.Metadata();
        long? requested = write.Request.GracePeriodSeconds is < 0 ? 1 : write.Request.GracePeriodSeconds;
        long? grace = null;
        if (current.Header.DeletionTimestamp is { } when)
        {
            if (current.Header.DeletionGracePeriodSeconds is > 0 and { } stored)
            {
                if (requested is null || requested >= stored)
                {
                    return Finished(PlannedAction.Nothing, write, current, next); // it is on its way already, and sooner
                }

                grace = Shorten(metadata, when.AddSeconds(requested.Value - stored), requested.Value, write.Scope.Now);
            }
        }
        else if (write.Definition.Strategy.GracePeriodSeconds(next, requested) is > 0 and var seconds)
        {
            grace = seconds;
            metadata.SetTime("deletionTimestamp", write.Scope.Now.AddSeconds(seconds));
            metadata["deletionGracePeriodSeconds"] = JsonNumber.Of(seconds);
            RaiseGeneration(metadata);
        }

        SetCollectorFinalizers(metadata, write.Request.Propagation);
        var pending = metadata.Texts("finalizers").Count > 0;
        if (grace is null && (pending | write.Definition.Strategy.MustLinger(next)))
        {
            MarkAsDeleting(metadata, current, write.Scope.Now);
        }
        else if (!pending && grace is null or 0)
        {
            return Finished(PlannedAction.Remove, write, current, next);
        }

        return new PlannedWrite
        {
            Action = JsonNode.DeepEquals(next, current.Node) ? PlannedAction.Nothing : PlannedAction.Put,
            Next = next,
            // Only who asks in the older way (orphanDependents=false) is told that it is not gone yet.
            Code = write.Request.Sent.HasFlag(SentOptions.OrphanDependents) && write.Request.Propagation != DeletePropagation.Orphan ? 202 : 200,
            TraceParent = current.Header.TraceParent,
            TracedAt = current.Header.TracedAt,
        };
    }

    private static long Shorten(JsonObject metadata, DateTimeOffset until, long seconds, DateTimeOffset now)
    {
        if (until < now)
        {
            // The whole period has passed; still somebody else makes the end of it, unless it was asked for by zero.
            (until, seconds) = (now, seconds == 0 ? 0 : 1);
        }

        metadata.SetTime("deletionTimestamp", until);
        metadata["deletionGracePeriodSeconds"] = JsonNumber.Of(seconds);
        return seconds;
    }

    private static void MarkAsDeleting(JsonObject metadata, CurrentObject current, DateTimeOffset now)
    {
        if (current.Header.DeletionTimestamp is null)
        {
            RaiseGeneration(metadata);
        }

        if (current.Header.DeletionTimestamp is not { } when || when > now)
        {
            metadata.SetTime("deletionTimestamp", now);
        }

        metadata["deletionGracePeriodSeconds"] = JsonNumber.Of(0);
    }

    private static void RaiseGeneration(JsonObject metadata)
    {
        if (metadata.Integer("generation") is > 0 and { } generation)
        {
            metadata["generation"] = JsonNumber.Of(generation + 1);
        }
    }

    private static void SetCollectorFinalizers(JsonObject metadata, DeletePropagation propagation)
    {
        if (propagation == DeletePropagation.Default)
        {
            return; // what the object carries already says it
        }

        var finalizers = metadata.Texts("finalizers");
        var wanted = finalizers.Where(f => f is not (OrphanFinalizer or ForegroundFinalizer)).ToList();
        if (propagation == DeletePropagation.Orphan)
        {
            wanted.Add(OrphanFinalizer);
        }
        else if (propagation == DeletePropagation.Foreground)
        {
            wanted.Add(ForegroundFinalizer);
        }

        if (!wanted.ToHashSet().SetEquals(finalizers))
        {
            metadata.SetTexts("finalizers", wanted);
        }
    }

    private static PlannedWrite Finished(PlannedAction action, WriteOperation write, CurrentObject current, JsonObject next) => new()
    {
        Action = action,
        Next = next,
        Status = write.Definition.ReturnsDeletedObject ? null : new Status
        {
            Code = 200,
            Reason = "",
            Message = "",
            Name = write.Key.Name,
            Group = write.Definition.Names.Group,
            Kind = write.Definition.Names.Plural,
            Uid = current.Header.Uid,
        },
    };
}

using System.Globalization;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;

namespace GrainKube.Objects.Writes;

/// <summary>The options of a write as admission is shown them, in <c>meta.k8s.io/v1</c>: those of the operation, whatever the verb was (a patch creates or updates).</summary>
public static class OperationOptions
{
    /// <summary>The options of a create or an update.</summary>
    public static JsonObject Of(AdmissionOperation operation, bool dryRun, string fieldManager, FieldValidation fieldValidation, SentOptions sent)
    {
        var options = Named(operation == AdmissionOperation.Create ? "CreateOptions" : "UpdateOptions", dryRun);
        if (sent.HasFlag(SentOptions.FieldManager))
        {
            options["fieldManager"] = fieldManager;
        }

        if (sent.HasFlag(SentOptions.FieldValidation))
        {
            options["fieldValidation"] = fieldValidation.ToString();
        }

        return options;
    }

    internal static JsonObject Of(WriteOperation write, AdmissionOperation operation, CurrentObject? current)
    {
        var request = write.Request;
        return operation == AdmissionOperation.Delete
            ? OfDelete(request, GracePeriod(write, current))
            : Of(operation, request.DryRun, request.FieldManager, request.FieldValidation, request.Sent);
    }

    private static JsonObject OfDelete(WriteRequest request, long? gracePeriodSeconds)
    {
        var options = Named("DeleteOptions", request.DryRun);
        if (gracePeriodSeconds is { } seconds)
        {
            options["gracePeriodSeconds"] = seconds;
        }

        if (request.Preconditions is { } wanted)
        {
            var json = new JsonObject();
            if (wanted.Uid is { } uid)
            {
                json["uid"] = uid;
            }

            if (wanted.Revision is { } revision)
            {
                json["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture);
            }

            options["preconditions"] = json;
        }

        if (request.Sent.HasFlag(SentOptions.OrphanDependents))
        {
            options["orphanDependents"] = request.Propagation == DeletePropagation.Orphan;
        }

        if (request.Sent.HasFlag(SentOptions.Propagation))
        {
            options["propagationPolicy"] = request.Propagation.ToString();
        }

        return options;
    }

    /// <summary>What the client asks for; where the kind has periods of grace, the one that the object will have.</summary>
    private static long? GracePeriod(WriteOperation write, CurrentObject? current)
    {
        long? requested = write.Request.GracePeriodSeconds is < 0 ? 1 : write.Request.GracePeriodSeconds;
        return current is null || write.Request.Unnamed ? requested
            : current.Header.DeletionTimestamp is not null ? requested ?? current.Header.DeletionGracePeriodSeconds
            : write.Definition.Strategy.GracePeriodSeconds(current.Node, requested) ?? requested;
    }

    private static JsonObject Named(string kind, bool dryRun)
    {
        var options = new JsonObject { ["kind"] = kind, ["apiVersion"] = "meta.k8s.io/v1" };
        if (dryRun)
        {
            options["dryRun"] = new JsonArray("All");
        }

        return options;
    }
}

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Admission;
using GrainKube.Objects.Writes;

namespace GrainKube.ApiServer.Admission.Webhooks;

/// <summary>The options of a write as <c>meta.k8s.io/v1</c> has them.</summary>
internal static class OperationOptions
{
    public static JsonObject Of(WriteRequest request, AdmissionOperation operation)
    {
        var kind = (operation, request.Verb) switch
        {
            (AdmissionOperation.Delete, _) => "DeleteOptions",
            (_, WriteVerb.Patch) => "PatchOptions",
            (AdmissionOperation.Create, _) => "CreateOptions",
            _ => "UpdateOptions",
        };
        var options = new JsonObject { ["kind"] = kind, ["apiVersion"] = "meta.k8s.io/v1" };
        if (request.DryRun)
        {
            options["dryRun"] = new JsonArray("All");
        }

        if (operation == AdmissionOperation.Delete)
        {
            AddDelete(options, request);
            return options;
        }

        if (request.FieldManager.Length > 0)
        {
            options["fieldManager"] = request.FieldManager;
        }

        if (request.FieldValidation != FieldValidation.Ignore)
        {
            options["fieldValidation"] = request.FieldValidation.ToString();
        }

        if (request.Force)
        {
            options["force"] = true;
        }

        return options;
    }

    private static void AddDelete(JsonObject options, WriteRequest request)
    {
        if (request.GracePeriodSeconds is { } seconds)
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
                json["resourceVersion"] = revision.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            options["preconditions"] = json;
        }

        if (request.Propagation != DeletePropagation.Default)
        {
            options["propagationPolicy"] = request.Propagation.ToString();
        }
    }
}

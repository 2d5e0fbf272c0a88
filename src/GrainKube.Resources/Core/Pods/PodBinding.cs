using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Schemas;
using k8s.Models;

namespace GrainKube.Resources.Core.Pods;

/// <summary><c>pods/binding</c>: gives a pod its node, once.</summary>
internal static class PodBinding
{
    private static readonly GroupResource Resource = new("", "pods/binding");

    public static readonly Subresource Subresource = new()
    {
        Name = "binding",
        Group = "",
        Version = "v1",
        Kind = "Binding",
        Verbs = ["create"],
        Body = ModelSchemas.For<V1Binding>,
        Apply = Bind,
        AnswersStatus = true,
    };

    private static void Bind(JsonObject pod, JsonObject binding, WriteScope scope)
    {
        var metadata = pod["metadata"]!.AsObject();
        var name = (string?)metadata["name"] ?? "";
        var node = Target(binding, name);
        CheckPreconditions(metadata, binding["metadata"] as JsonObject, name);
        if (metadata["deletionTimestamp"] is not null)
        {
            throw ApiException.Conflict(Resource, name, $"pod {name} is being deleted, cannot be assigned to a host");
        }

        var spec = pod["spec"]!.AsObject();
        if ((string?)spec["nodeName"] is { Length: > 0 } current)
        {
            throw ApiException.Conflict(Resource, name, $"pod {name} is already assigned to node \"{current}\"");
        }

        if (spec["schedulingGates"] is JsonArray { Count: > 0 })
        {
            throw ApiException.Conflict(Resource, name, $"pod {name} has non-empty .spec.schedulingGates");
        }

        spec["nodeName"] = node;
        Annotate(metadata, binding["metadata"]?["annotations"] as JsonObject);
        PodConditions.Set(pod, "PodScheduled", "True", scope.Now);
        (pod["status"] as JsonObject)?.Remove("nominatedNodeName");
    }

    private static string Target(JsonObject binding, string podName)
    {
        var errors = new FieldErrors();
        var target = binding["target"] as JsonObject;
        if ((string?)target?["kind"] is { Length: > 0 } kind && kind != "Node")
        {
            errors.At("target").At("kind").NotSupported(kind, "Node", "<empty>");
        }

        var node = (string?)target?["name"];
        if (string.IsNullOrEmpty(node))
        {
            errors.At("target").At("name").Required();
        }

        return errors.IsEmpty ? node! : throw ApiException.Invalid("", "Binding", podName, errors);
    }

    /// <summary>A scheduler may say which pod it decided about: its uid and revision.</summary>
    private static void CheckPreconditions(JsonObject pod, JsonObject? binding, string name)
    {
        if ((string?)binding?["name"] is { Length: > 0 } called && called != name)
        {
            throw ApiException.BadRequest("name in URL does not match name in Binding object");
        }

        Check("uid", "UID");
        Check("resourceVersion", "ResourceVersion");

        void Check(string field, string label)
        {
            var (wanted, actual) = ((string?)binding?[field], (string?)pod[field]);
            if (!string.IsNullOrEmpty(wanted) && wanted != actual)
            {
                throw ApiException.Conflict(
                    new GroupResource("", "pods"), name, $"Precondition failed: {label} in precondition: {wanted}, {label} in object meta: {actual}");
            }
        }
    }

    private static void Annotate(JsonObject metadata, JsonObject? annotations)
    {
        foreach (var (key, value) in annotations ?? [])
        {
            if (metadata["annotations"] is not JsonObject into)
            {
                metadata["annotations"] = into = [];
            }

            into[key] = value?.DeepClone();
        }
    }
}

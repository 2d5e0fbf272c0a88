using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Validation;
using GrainKube.ApiServer.Requests;

namespace GrainKube.ApiServer.Endpoints;

/// <summary>What must agree between a body and the path it was sent to.</summary>
internal static class BodyChecks
{
    public static void Kind(ResourceCall call, BodyHeader header, string kind, string apiVersion)
    {
        if (header.Kind.Length > 0 && header.Kind != kind)
        {
            var version = header.ApiVersion[(header.ApiVersion.IndexOf('/') + 1)..];
            throw ApiException.BadRequest($"{header.Kind} in version \"{version}\" cannot be handled as a {kind}: converting ({header.Kind}) to ({kind}): unknown conversion");
        }

        if (header.ApiVersion.Length > 0 && header.ApiVersion != apiVersion)
        {
            throw ApiException.BadRequest($"the API version in the data ({header.ApiVersion}) does not match the expected API version ({apiVersion})");
        }
    }

    public static void Namespace(ResourceCall call, BodyHeader header)
    {
        // One that stands in an object of the cluster is taken out again.
        if (call.Definition.Names.Namespaced && header.Namespace.Length > 0 && header.Namespace != call.Namespace)
        {
            throw ApiException.BadRequest("the namespace of the provided object does not match the namespace sent on the request");
        }
    }

    public static void Name(ResourceCall call, BodyHeader header)
    {
        if (header.Name != call.Info.Name)
        {
            throw ApiException.BadRequest(header.Name.Length == 0
                ? $"the name of the object ({call.Info.Name} based on URL) was undeterminable: name must be provided"
                : $"the name of the object ({header.Name}) does not match the name on the URL ({call.Info.Name})");
        }

        if (call.Namespace.Length > 0 && header.Namespace.Length > 0 && header.Namespace != call.Namespace)
        {
            throw ApiException.BadRequest($"the namespace of the object ({header.Namespace}) does not match the namespace on the request ({call.Namespace})");
        }
    }

    /// <summary>A name becomes part of keys: one with a slash could not even be looked up.</summary>
    /// <param name="call">The request.</param>
    /// <param name="name">The name that was sent or drawn.</param>
    /// <param name="prefix">What it was drawn from; empty where it was sent.</param>
    public static void NameIsPathSegment(ResourceCall call, string name, string prefix = "")
    {
        if (NameRules.PathSegment(name).Count == 0)
        {
            return;
        }

        var errors = new FieldErrors();
        if (prefix.Length > 0)
        {
            errors.At("metadata").At("generateName").Report(prefix, ObjectMetaValidator.NameProblems(prefix, call.Definition.NameFormat));
        }

        errors.At("metadata").At("name").Report(name, ObjectMetaValidator.NameProblems(name, call.Definition.NameFormat));
        throw ApiException.Invalid(call.Definition.Names.Group, call.Definition.Names.Kind, name, errors);
    }
}

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Cel.Values;
using GrainKube.ApiMachinery.Identity;
using GrainKube.ApiServer.Requests;

namespace GrainKube.ApiServer.Authorization.Outside;

/// <summary>Expressions that pick the requests about which a webhook is asked.</summary>
internal sealed class AccessConditions
{
    private static readonly CelEnvironment Environment = new([new("request", CelType.Object("kubernetes.SubjectAccessReviewSpec", new Dictionary<string, CelType>
    {
        ["resourceAttributes"] = Texts("kubernetes.ResourceAttributes", "namespace", "verb", "group", "version", "resource", "subresource", "name"),
        ["nonResourceAttributes"] = Texts("kubernetes.NonResourceAttributes", "path", "verb"),
        ["user"] = CelType.String,
        ["groups"] = CelType.ListOf(CelType.String),
        ["extra"] = CelType.MapOf(CelType.String, CelType.ListOf(CelType.String)),
        ["uid"] = CelType.String,
    }))]);

    private readonly CelProgram[] programs;

    /// <exception cref="FormatException">One is no expression, or not of type bool.</exception>
    public AccessConditions(IReadOnlyList<string> expressions) => programs = [.. expressions.Select(Compile)];

    /// <summary>True where all hold; one that says no outweighs those that cannot be computed.</summary>
    /// <exception cref="FormatException">None says no, and one cannot be computed.</exception>
    public bool Hold(UserInfo user, RequestInfo request)
    {
        if (programs.Length == 0)
        {
            return true;
        }

        var bindings = Environment.Bind().Set("request", CelJson.Read(Spec(user, request)));
        var budget = new CelBudget(CelBudget.MatchConditions);
        string? failure = null;
        foreach (var program in programs)
        {
            var value = program.Evaluate(bindings, budget);
            if (value.IsError)
            {
                failure ??= $"cel evaluation error: expression '{program.Text}' resulted in error: {value.AsError.Message}";
            }
            else if (!value.IsTrue)
            {
                return false;
            }
        }

        return failure is null ? true : throw new FormatException(failure);
    }

    private static CelProgram Compile(string text)
    {
        try
        {
            var program = CelProgram.Compile(text, Environment);
            return program.Type.Is(CelType.Bool) ? program : throw new FormatException($"must evaluate to bool: '{text}'");
        }
        catch (CelCompileException wrong)
        {
            throw new FormatException($"compilation failed: {wrong.Message}", wrong);
        }
    }

    /// <summary>Every field is there, also an empty one: expressions need not ask.</summary>
    private static JsonObject Spec(UserInfo user, RequestInfo request)
    {
        var spec = new JsonObject
        {
            ["user"] = user.Name,
            ["uid"] = user.Uid,
            ["groups"] = List(user.Groups),
            ["extra"] = new JsonObject(user.Extra.Select(e => KeyValuePair.Create<string, JsonNode?>(e.Key, List(e.Value)))),
        };
        if (request.IsResourceRequest)
        {
            spec["resourceAttributes"] = new JsonObject
            {
                ["namespace"] = request.Namespace, ["verb"] = request.Verb, ["group"] = request.ApiGroup, ["version"] = request.ApiVersion,
                ["resource"] = request.Resource, ["subresource"] = request.Subresource, ["name"] = request.Name,
            };
        }
        else
        {
            spec["nonResourceAttributes"] = new JsonObject { ["path"] = request.Path, ["verb"] = request.Verb };
        }

        return spec;
    }

    private static JsonArray List(IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)t)];

    private static CelType Texts(string name, params string[] fields) => CelType.Object(name, fields.ToDictionary(f => f, _ => CelType.String));
}

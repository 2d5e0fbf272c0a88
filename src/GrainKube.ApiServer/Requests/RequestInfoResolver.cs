using Microsoft.AspNetCore.Http;

namespace GrainKube.ApiServer.Requests;

/// <summary>Reads a <see cref="RequestInfo"/> from a request line.</summary>
public static class RequestInfoResolver
{
    /// <summary>Never fails: what is not understood is a request without a resource.</summary>
    public static RequestInfo Resolve(string method, string path, IQueryCollection query)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).AsSpan();
        if (parts.Length < 3 || parts[0] is not ("api" or "apis"))
        {
            return Plain();
        }

        var group = "";
        if (parts[0] == "apis")
        {
            if (parts.Length < 4)
            {
                return Plain();
            }

            group = parts[1];
            parts = parts[1..];
        }

        var version = parts[1];
        parts = parts[2..];
        var verb = VerbOf(method);
        if (parts is ["watch", _, ..])
        {
            // The form of watches before they were a parameter; clients of old still use it.
            verb = "watch";
            parts = parts[1..];
        }

        var ns = "";
        if (parts[0] == "namespaces" && parts.Length > 1)
        {
            ns = parts[1];
            if (parts.Length > 2 && parts[2] is not ("status" or "finalize"))
            {
                parts = parts[2..];
            }
        }

        var resource = parts[0];
        var name = parts.Length > 1 ? parts[1] : "";
        if (name.Length == 0)
        {
            (verb, name) = Collection(verb, query);
        }

        return new RequestInfo
        {
            IsResourceRequest = true,
            Verb = verb,
            Path = path,
            ApiGroup = group,
            ApiVersion = version,
            Namespace = ns,
            Resource = resource,
            Name = name,
            Subresource = parts.Length > 2 ? parts[2] : "",
            FieldSelector = verb is "list" or "watch" or "deletecollection" ? query["fieldSelector"].ToString() : "",
            LabelSelector = verb is "list" or "watch" or "deletecollection" ? query["labelSelector"].ToString() : "",
            Parts = parts.Length > 1 ? parts[1..].ToArray() : [],
        };

        RequestInfo Plain() => new() { IsResourceRequest = false, Verb = method.ToLowerInvariant(), Path = path };
    }

    private static string VerbOf(string method) => method switch
    {
        "GET" or "HEAD" => "get",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => "delete",
        _ => "",
    };

    private static (string Verb, string Name) Collection(string verb, IQueryCollection query)
    {
        verb = verb switch
        {
            "get" => QueryBool.IsTrue(query["watch"]) ? "watch" : "list",
            "delete" => "deletecollection",
            _ => verb,
        };
        return (verb, verb is "list" or "watch" or "deletecollection" ? NameOf(query.First("fieldSelector")) : "");
    }

    private static string NameOf(string fieldSelector)
    {
        foreach (var term in fieldSelector.Split(',', StringSplitOptions.TrimEntries))
        {
            foreach (var prefix in (ReadOnlySpan<string>)["metadata.name==", "metadata.name="])
            {
                if (term.StartsWith(prefix, StringComparison.Ordinal))
                {
                    var name = term[prefix.Length..];
                    return name.AsSpan().IndexOfAny("/%\\") < 0 && name is not ("." or "..") ? name : "";
                }
            }
        }

        return "";
    }
}

using GrainKube.ApiMachinery.Identity;

namespace GrainKube.ApiMachinery.Cel.Library;

/// <summary>What an expression or a plugin asks of the authorizers. Equal checks are one question.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.AccessCheck")]
public sealed record AccessCheck
{
    /// <summary>The service account to ask for, as <c>NAMESPACE:NAME</c>; empty means the one who makes the request.</summary>
    [Id(0)] public string ServiceAccount { get; init; } = "";
    [Id(1)] public bool IsResource { get; init; } = true;
    [Id(2)] public string Path { get; init; } = "";
    [Id(3)] public string Group { get; init; } = "";
    [Id(11)] public string Version { get; init; } = "*";
    [Id(4)] public string Resource { get; init; } = "";
    [Id(5)] public string Subresource { get; init; } = "";
    [Id(6)] public string Namespace { get; init; } = "";
    [Id(7)] public string Name { get; init; } = "";
    [Id(8)] public string FieldSelector { get; init; } = "";
    [Id(9)] public string LabelSelector { get; init; } = "";
    [Id(10)] public string Verb { get; init; } = "";

    /// <summary>For whom is asked.</summary>
    /// <param name="asking">Who makes the request.</param>
    public UserInfo Subject(UserInfo asking) => ServiceAccount.Length == 0 ? asking : new UserInfo
    {
        Name = $"system:serviceaccount:{ServiceAccount}",
        Groups = ["system:serviceaccounts", $"system:serviceaccounts:{ServiceAccount[..ServiceAccount.IndexOf(':')]}"],
    };
}

/// <param name="Allowed">May it be done?</param>
/// <param name="Reason">Why, where known.</param>
/// <param name="Error">What went wrong, or empty.</param>
[GenerateSerializer, Immutable]
[Alias("GrainKube.AccessAnswer")]
public sealed record AccessAnswer([property: Id(0)] bool Allowed, [property: Id(1)] string Reason = "", [property: Id(2)] string Error = "");

/// <summary>A question that the authorizers have answered.</summary>
[GenerateSerializer, Immutable]
[Alias("GrainKube.AnsweredCheck")]
public sealed record AnsweredCheck([property: Id(0)] AccessCheck Check, [property: Id(1)] AccessAnswer Answer);

using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Schemas;

namespace GrainKube.ApiMachinery.Definitions;

/// <summary>
/// A subresource that is an operation on the object's own state (<c>binding</c>, <c>finalize</c>, <c>approval</c>, <c>ephemeralcontainers</c>, <c>resize</c>).
/// <c>status</c> and <c>scale</c> are known to the machinery; streams (<c>log</c>, <c>exec</c>) belong to the API server.
/// </summary>
public sealed class Subresource
{
    /// <summary>The last part of the path.</summary>
    public required string Name { get; init; }

    /// <summary>Group of the body's kind; empty for the core group.</summary>
    public required string Group { get; init; }
    public required string Version { get; init; }

    /// <summary>Kind of the body, <c>Binding</c> or the object's own kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Verbs as discovery lists them: <c>create</c>, or <c>get</c>, <c>patch</c>, <c>update</c>.</summary>
    public required IReadOnlyList<string> Verbs { get; init; }

    /// <summary>Schema of the body where it is not the object itself; null means the object's own.</summary>
    public Schema? BodySchema { get => field ?? Body?.Invoke(); init; }

    /// <summary>Finds <see cref="BodySchema"/> when it is first needed, because start-up must not build schemas.</summary>
    public Func<Schema>? Body { get; init; }

    /// <summary>
    /// Carries the body over into the object, in place. Arguments: the object to change (a copy of what is stored), the body, the scope. Throws <see cref="Errors.ApiException"/> to refuse.
    /// </summary>
    public required Action<JsonObject, JsonObject, WriteScope> Apply { get; init; }

    /// <summary>True when a success is answered with a <c>Status</c> of code 201 in place of the object (as <c>binding</c> is).</summary>
    public bool AnswersStatus { get; init; }
}

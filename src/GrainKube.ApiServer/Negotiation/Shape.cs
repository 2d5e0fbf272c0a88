namespace GrainKube.ApiServer.Negotiation;

/// <summary>How a client wants objects: the form, and where that form is not the object itself, in which version of <c>meta.k8s.io</c>.</summary>
/// <param name="Form">The form.</param>
/// <param name="Meta">The version of the table or the metadata; without meaning for objects.</param>
internal readonly record struct Shape(Form Form, MetaVersion Meta = MetaVersion.V1)
{
    /// <summary>The object as it is.</summary>
    public static Shape Plain => new(Form.Object);

    /// <summary>What the answer says of itself where it is a table or metadata.</summary>
    public string MetaApiVersion => Meta == MetaVersion.V1 ? "meta.k8s.io/v1" : "meta.k8s.io/v1beta1";
}

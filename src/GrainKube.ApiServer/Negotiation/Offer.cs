using GrainKube.ApiServer.Protobuf;

namespace GrainKube.ApiServer.Negotiation;

/// <summary>What a client may ask for.</summary>
/// <param name="HasRoutes">What no route of upstream's produces is refused in the words of its router.</param>
/// <param name="ApiVersion">Of the objects; empty for answers that are none.</param>
/// <param name="Kind">Of the objects.</param>
internal readonly record struct Offer(bool HasRoutes, string ApiVersion = "", string Kind = "")
{
    /// <summary>Objects of the kind have upstream's binary form. Looked up only where somebody asks: the table is read at its first use.</summary>
    public bool HasBinary => ProtobufAnswer.Has(ApiVersion, Kind);
}

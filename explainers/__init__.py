"""Why a detector decided as it did: attribution as arrays, its measured faithfulness, and (apart) its rendering."""
